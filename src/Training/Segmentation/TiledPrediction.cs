namespace GpuNets.Training;

/// <summary>
/// Segments pictures of any size: the picture is continued by the margin (reflect 101) and cut into inputs of the network; the outputs
/// are put together, turned into probabilities, interpolated to pixels, and the most probable class is taken. Inputs at the far
/// borders are moved back to end with the picture; what is left of one that is larger than the picture is more reflection.
/// </summary>
public sealed class TiledPrediction
{
    private readonly Device _device;
    private readonly Func<Tensor, Tensor> _network;
    private readonly float[] _levels;

    /// <summary>Takes a network.</summary>
    /// <param name="device">The network's device.</param>
    /// <param name="network">Maps inputs [1, 3, height, width] to scores [1, classes, rows, columns], with the geometry of the options.</param>
    /// <param name="options">Sizes of the inputs, geometry, normalisation.</param>
    /// <exception cref="ArgumentException">A tile is not the margins and a whole number of strides, or an option makes no sense.</exception>
    public TiledPrediction(Device device, Func<Tensor, Tensor> network, TiledPredictionOptions options)
    {
        ArgumentNullException.ThrowIfNull(device);
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        (_device, _network, Options, _levels) = (device, network, options, options.Normalization.Levels());
    }

    /// <summary>Sizes of the inputs, geometry, normalisation.</summary>
    public TiledPredictionOptions Options { get; }

    /// <summary>Segments a picture.</summary>
    /// <exception cref="ShapeException">The network's output has not the size that the geometry says.</exception>
    public SegmentationPrediction Predict(RgbImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        var cells = Cells(image);
        return new SegmentationPrediction(cells.ArgMax(image.Width, image.Height), cells);
    }

    /// <summary>Probabilities at the network's cells.</summary>
    /// <inheritdoc cref="Predict"/>
    public CellMap Cells(RgbImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        var geometry = Options.Geometry;
        int rows = geometry.CellsToCover(image.Height), columns = geometry.CellsToCover(image.Width);
        int tileRows = Options.TileHeight is { } h ? geometry.Cells(h) : rows, tileColumns = Options.TileWidth is { } w ? geometry.Cells(w) : columns;
        CellMap? map = null;
        foreach (int row in Starts(rows, tileRows))
        {
            foreach (int column in Starts(columns, tileColumns))
            {
                float[] scores = Scores(image, row, column, tileRows, tileColumns, out int classes);
                map ??= new CellMap(classes, rows, columns, geometry.Stride, new float[checked(classes * rows * columns)]);
                if (map.Classes != classes) throw new ShapeException("TiledPrediction", $"the network gives {classes} classes, before it gave {map.Classes}.");
                int width = Math.Min(tileColumns, columns - column);
                for (int k = 0; k < classes; k++)
                {
                    for (int i = 0; i < Math.Min(tileRows, rows - row); i++)
                        scores.AsSpan((k * tileRows + i) * tileColumns, width).CopyTo(map.Values.AsSpan((k * rows + row + i) * columns + column));
                }
            }
        }
        return map!;
    }

    private float[] Scores(RgbImage image, int row, int column, int rows, int columns, out int classes)
    {
        var geometry = Options.Geometry;
        Shape input = (1, 3, geometry.InputOf(rows), geometry.InputOf(columns));
        float[] values = GC.AllocateUninitializedArray<float>(input.Count);
        new ImageWindow(geometry.Stride * column - geometry.Margin, geometry.Stride * row - geometry.Margin, input[3], input[2], false)
            .Fill(image, Options.Normalization, _levels, values);
        using var scope = _device.Scope();
        var output = _network(_device.Tensor(values, input));
        if (output.Shape.Rank != 4 || output.Shape[0] != 1 || output.Shape[2] != rows || output.Shape[3] != columns || output.Shape[1] is < 1 or > LabelMap.Void)
            throw new ShapeException("TiledPrediction", $"the network maps {input} to {output.Shape}; margin {geometry.Margin} and stride {geometry.Stride} need [1, classes, {rows}, {columns}].");
        classes = output.Shape[1];
        return (Options.Logits ? output.Softmax(1) : output).ToArray();
    }

    /// <summary>First cells of the tiles: side by side, the last one moved back so that it ends with the picture.</summary>
    private static IEnumerable<int> Starts(int cells, int tile)
    {
        for (int start = 0; ; start += tile)
        {
            if (start + tile < cells) { yield return start; continue; }
            yield return Math.Max(0, cells - tile);
            yield break;
        }
    }
}
