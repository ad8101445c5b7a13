namespace GpuNets.Models;

/// <summary><c>multi30k</c>: a Transformer learns to translate captions of pictures.</summary>
public sealed class TranslationRecipe() : ModelRecipe<TranslationOptions>(
    "multi30k", "Transformer, translation of Multi30k or a corpus of one's own (Vaswani et al. 2017, arXiv 1706.03762)",
    ("tutorial", () => TranslationOptions.Tutorial), ("small", () => TranslationOptions.Small), ("base", () => TranslationOptions.Base))
{
    /// <inheritdoc/>
    protected override IModelRun Open(Device device, TranslationOptions options, ulong seed, string? folder)
    {
        options.Validate();
        return SequenceRun.Open(device, options, seed, folder);
    }
}
