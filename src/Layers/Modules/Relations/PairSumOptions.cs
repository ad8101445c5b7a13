namespace GpuNets;

/// <summary>Settings of a <see cref="PairSum"/>.</summary>
public sealed record PairSumOptions
{
    /// <summary>Widths of the layers of g, the first to the last.</summary>
    public IReadOnlyList<int> Widths { get; init; } = [256, 256, 256, 256];

    /// <summary>Pairs of an object with itself count.</summary>
    public bool Self { get; init; } = true;

    /// <summary>Each pair once, its first member before its second in the order of objects; else both (i, j) and (j, i).</summary>
    public bool Unordered { get; init; }

    /// <summary>The mean over pairs instead of their sum.</summary>
    public bool Mean { get; init; }

    /// <summary>
    /// Most bytes of activations that a training step keeps for its backward pass, 4 per pair and unit of the layers after the first. What is
    /// not kept is computed again, a quarter of the step's work. By default 128 MB, which is all pairs of 64 examples of 25 objects and four layers
    /// of 256 units; beyond them memory does not grow with the number of pairs. With 0 nothing is kept.
    /// </summary>
    public long KeptBytes { get; init; } = 128 << 20;
}
