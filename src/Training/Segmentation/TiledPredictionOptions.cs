namespace GpuNets.Training;

/// <summary>How a picture is cut into inputs of a network.</summary>
public sealed record TiledPredictionOptions
{
    /// <summary>Width of the network's input; null: each picture in one piece of its own width.</summary>
    public int? TileWidth { get; init; }

    /// <summary>Height of the network's input; null: each picture in one piece of its own height.</summary>
    public int? TileHeight { get; init; }

    /// <summary>Which pixels of the input the network's outputs stand for.</summary>
    public CellGeometry Geometry { get; init; } = CellGeometry.DilatedVgg;

    /// <summary>How pixels become inputs.</summary>
    public ImageNormalization Normalization { get; init; } = ImageNormalization.Voc;

    /// <summary>The network gives logits, of which softmax makes probabilities; otherwise it gives probabilities.</summary>
    public bool Logits { get; init; } = true;

    /// <summary>The authors' input sizes for Pascal VOC, 900x900.</summary>
    public static TiledPredictionOptions Voc { get; } = new() { TileWidth = 900, TileHeight = 900 };

    /// <summary>The authors' input sizes for CamVid, 1100 wide and 900 high.</summary>
    public static TiledPredictionOptions CamVid { get; } = new() { TileWidth = 1100, TileHeight = 900, Normalization = ImageNormalization.CamVid };

    /// <summary>The authors' input sizes for Cityscapes, 1396x1396.</summary>
    public static TiledPredictionOptions Cityscapes { get; } = new() { TileWidth = 1396, TileHeight = 1396, Normalization = ImageNormalization.Cityscapes };

    /// <summary>Throws when a tile does not fit the geometry.</summary>
    internal void Check()
    {
        Geometry.Check();
        if (TileWidth is { } width) _ = Geometry.Cells(width);
        if (TileHeight is { } height) _ = Geometry.Cells(height);
    }
}
