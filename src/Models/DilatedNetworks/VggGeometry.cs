namespace GpuNets.Models;

/// <summary>
/// Where the cells of a <see cref="VggFrontEnd"/> lie on its input. Cell k of a row stands for the pixel Margin + k Stride; an image of n Stride
/// pixels with Margin mirrored pixels at each end gives n cells. The paper's network: stride 8, margin 186, 380 pixels seen by a cell.
/// </summary>
public sealed class VggGeometry
{
    private readonly IReadOnlyList<VggStep> _steps;

    internal VggGeometry(VggFrontEndOptions options)
    {
        _steps = VggStep.Of(options);
        (Stride, ReceptiveField) = (1, 1);
        foreach (var step in _steps)
        {
            ReceptiveField += step.Reach * Stride;
            Stride *= step.Stride;
        }
        Margin = options.InnerPadding ? 0 : (ReceptiveField - Stride) / 2;
        while (Cells(SmallestInput) == 0) SmallestInput++;
    }

    /// <summary>Pixels from one cell to the next.</summary>
    public int Stride { get; }

    /// <summary>Pixels along an axis that a cell sees.</summary>
    public int ReceptiveField { get; }

    /// <summary>Pixels to add at each side of an image so that its cells cover it; 0 with inner padding.</summary>
    public int Margin { get; }

    /// <summary>Fewest pixels, margins included, that give a cell: 373 for the paper's network, whose poolings round up.</summary>
    public int SmallestInput { get; } = 1;

    /// <summary>Cells along an axis: (size - 2 Margin) / Stride, rounded up as the poolings do.</summary>
    /// <param name="size">Pixels along the axis, margins included.</param>
    /// <exception cref="ArgumentOutOfRangeException">The axis is too short for a single cell.</exception>
    public int OutputSize(int size)
    {
        int cells = Cells(size);
        return cells > 0 ? cells : throw new ArgumentOutOfRangeException(
            nameof(size), size, $"VggGeometry: {size} pixels give no cell; {SmallestInput} are needed, margins of {Margin} at both sides included.");
    }

    /// <summary>Pixels, margins included, that give so many cells with nothing left over.</summary>
    /// <param name="cells">Cells along an axis, at least 1.</param>
    public int InputSize(int cells)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(cells, 1);
        return 2 * Margin + cells * Stride;
    }

    /// <inheritdoc/>
    public override string ToString() => $"stride {Stride}, margin {Margin}, sees {ReceptiveField} pixels";

    private int Cells(int size)
    {
        foreach (var step in _steps) size = step.OutputSize(size);
        return size;
    }
}
