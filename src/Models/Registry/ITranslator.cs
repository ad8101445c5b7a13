namespace GpuNets.Models;

/// <summary>A trained model that turns lines of text into others, translations or trees: what <c>gpunets translate</c> uses.</summary>
public interface ITranslator
{
    /// <summary>The search that the run's options name.</summary>
    DecodingOptions Decoding { get; }

    /// <summary>Translates lines.</summary>
    /// <param name="lines">Text as the model was trained on; an empty line has one empty translation.</param>
    /// <param name="decoding">How to search.</param>
    /// <param name="cancellation">Looked at between batches.</param>
    /// <returns>For each line its translations, best first.</returns>
    /// <exception cref="LineTooLongException">A line has more tokens than the model takes.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    IReadOnlyList<IReadOnlyList<Translation>> Translate(IReadOnlyList<string> lines, DecodingOptions decoding, CancellationToken cancellation = default);

    /// <summary>Scores of its translations of the test set, for instance <c>greedy.bleu</c> or <c>greedy.f1</c>: what <c>gpunets eval --bleu</c> prints.</summary>
    /// <param name="cancellation">Looked at between batches.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    IReadOnlyDictionary<string, double> ScoreTranslations(CancellationToken cancellation = default);
}
