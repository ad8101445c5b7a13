namespace GpuNets;

/// <summary>Elements added at both ends of a sequence. One int stands for both.</summary>
/// <param name="Before">Elements before the first.</param>
/// <param name="After">Elements behind the last.</param>
public readonly record struct Padding1d(int Before, int After)
{
    /// <summary>The same at both ends.</summary>
    public static implicit operator Padding1d(int both) => new(both, both);

    /// <summary>From (before, after).</summary>
    public static implicit operator Padding1d((int Before, int After) p) => new(p.Before, p.After);

    /// <inheritdoc/>
    public override string ToString() => Before == After ? $"{Before}" : $"({Before}, {After})";
}
