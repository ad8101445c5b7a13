namespace GpuNets.Training;

/// <summary>How batches are cut from pictures. Defaults are the paper's for the VOC front end.</summary>
public sealed record SegmentationBatchOptions
{
    /// <summary>Pictures a batch.</summary>
    public int Size { get; init; } = 14;

    /// <summary>Width of the network's input; without the margins a multiple of the stride.</summary>
    public int CropWidth { get; init; } = 500;

    /// <summary>Height of the network's input; without the margins a multiple of the stride.</summary>
    public int CropHeight { get; init; } = 500;

    /// <summary>Which pixels of the input have outputs, and so labels.</summary>
    public CellGeometry Geometry { get; init; } = CellGeometry.DilatedVgg;

    /// <summary>How pixels become inputs.</summary>
    public ImageNormalization Normalization { get; init; } = ImageNormalization.Voc;

    /// <summary>Flip half of the crops left to right, by chance.</summary>
    public bool Mirror { get; init; } = true;

    /// <summary>Random places of the crops; otherwise they are centred.</summary>
    public bool RandomCrop { get; init; } = true;

    /// <summary>Pictures that are read at the same time. Batches are the same with any number.</summary>
    public int Workers { get; init; } = 2;

    /// <summary>Throws when numbers make no sense or do not fit each other.</summary>
    internal void Check()
    {
        Geometry.Check();
        ArgumentOutOfRangeException.ThrowIfLessThan(Size, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Workers, 1);
        _ = Geometry.Cells(CropWidth) + Geometry.Cells(CropHeight);
    }
}
