namespace GpuNets;

/// <summary>A number along each axis of an image: a kernel's size, a stride, a dilation. One int stands for both.</summary>
/// <param name="Height">Along the rows' axis (vertical).</param>
/// <param name="Width">Along the columns' axis (horizontal).</param>
public readonly record struct Size2d(int Height, int Width)
{
    /// <summary>The same along both axes.</summary>
    public static implicit operator Size2d(int both) => new(both, both);

    /// <summary>From (height, width).</summary>
    public static implicit operator Size2d((int Height, int Width) size) => new(size.Height, size.Width);

    /// <inheritdoc/>
    public override string ToString() => Height == Width ? $"{Height}" : $"({Height}, {Width})";
}
