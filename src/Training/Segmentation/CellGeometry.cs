namespace GpuNets.Training;

/// <summary>
/// Which pixels of an input a network's outputs stand for: output k of a row for pixel <c>Margin + Stride k</c>, and the margin at the far
/// side is as wide. So an input of S pixels gives (S - 2 Margin) / Stride outputs.
/// </summary>
/// <param name="Margin">Pixels on each side that are only context; pictures are continued by as much (reflect 101).</param>
/// <param name="Stride">Pixels from one output to the next.</param>
public sealed record CellGeometry(int Margin, int Stride)
{
    /// <summary>The unpadded VGG-16 front end of dilated networks: (S - 372) / 8.</summary>
    public static CellGeometry DilatedVgg { get; } = new(186, 8);

    /// <summary>A network with an output for each pixel.</summary>
    public static CellGeometry FullResolution { get; } = new(0, 1);

    /// <summary>Outputs for an input of so many pixels.</summary>
    /// <exception cref="ArgumentException">The input is not the margins and a whole number of strides.</exception>
    public int Cells(int size)
    {
        int inner = size - 2 * Margin;
        return inner >= Stride && inner % Stride == 0 ? inner / Stride : throw new ArgumentException(
            $"CellGeometry: an input of {size} pixels has {inner} between margins of {Margin}; that must be a positive multiple of the stride {Stride}.", nameof(size));
    }

    /// <summary>Outputs that cover a picture: the last stands for one of its last <see cref="Stride"/> pixels.</summary>
    public int CellsToCover(int pixels) => (pixels + Stride - 1) / Stride;

    /// <summary>Input pixels that give so many outputs.</summary>
    public int InputOf(int cells) => 2 * Margin + Stride * cells;

    /// <summary>Throws when a number makes no sense.</summary>
    internal void Check()
    {
        if (Margin < 0 || Stride < 1) throw new ArgumentException($"CellGeometry: margin {Margin} must not be negative and stride {Stride} at least 1.");
    }
}
