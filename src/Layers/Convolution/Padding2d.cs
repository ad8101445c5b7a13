namespace GpuNets;

/// <summary>Elements added at each side of an image. One int stands for all sides, two for (vertical, horizontal).</summary>
/// <param name="Top">Rows above.</param>
/// <param name="Bottom">Rows below.</param>
/// <param name="Left">Columns to the left.</param>
/// <param name="Right">Columns to the right.</param>
public readonly record struct Padding2d(int Top, int Bottom, int Left, int Right)
{
    /// <summary>The same at all sides.</summary>
    public static implicit operator Padding2d(int all) => new(all, all, all, all);

    /// <summary>From (vertical, horizontal), each for both of its sides.</summary>
    public static implicit operator Padding2d((int Vertical, int Horizontal) p) => new(p.Vertical, p.Vertical, p.Horizontal, p.Horizontal);

    /// <inheritdoc/>
    public override string ToString() =>
        Top != Bottom || Left != Right ? $"(top {Top}, bottom {Bottom}, left {Left}, right {Right})" : Top == Left ? $"{Top}" : $"({Top}, {Left})";
}
