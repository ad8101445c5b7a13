using GpuNets.Training;

namespace GpuNets.Models;

/// <summary>What sequences a run learns to turn into what other ones: its text, its vocabularies, its scores.</summary>
internal interface ISequenceTask
{
    /// <summary>What runs are called after.</summary>
    string Name { get; }

    /// <summary>Pairs with more tokens on a side are left out of training; null for the model's limit.</summary>
    int? MaximumTokens { get; }

    /// <summary>Name of the file of examples, and what stands before that which was said in it.</summary>
    (string File, string Said) Listing { get; }

    /// <summary>Refuses settings that make no sense.</summary>
    /// <exception cref="ArgumentException">A setting is out of range; the message names it.</exception>
    void Validate();

    /// <summary>The pairs of a split, as text.</summary>
    ParallelCorpus Open(CorpusSplit split);

    /// <summary>Learns the vocabularies of both sides from training text; a joint one is the same object twice.</summary>
    (ITokenizer Source, ITokenizer Target) Learn(ParallelCorpus corpus);

    /// <summary>A line that was typed, as a source of the corpus would be.</summary>
    string Read(string line) => line;

    /// <summary>What is printed for a target that the model said.</summary>
    /// <param name="source">The source it was said for, not empty.</param>
    /// <param name="target">Text of the target.</param>
    /// <param name="vocabulary">The target's.</param>
    string Write(string source, string target, Vocabulary vocabulary) => target;

    /// <summary>What <see cref="Write"/> should give for the pairs of a corpus.</summary>
    IReadOnlyList<string> References(ParallelCorpus corpus) => corpus.Target;

    /// <summary>Scores of what <see cref="Write"/> gave for the pairs of a corpus.</summary>
    IEnumerable<(string Name, double Value)> Score(IReadOnlyList<string> found, ParallelCorpus corpus);
}
