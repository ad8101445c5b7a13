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
}
