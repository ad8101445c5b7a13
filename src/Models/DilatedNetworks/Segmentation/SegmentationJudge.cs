using GpuNets.Training;

namespace GpuNets.Models;

/// <summary>Judges networks on the pictures of a split at full size: mean and class IoU, pixel accuracy, the same behind a dense CRF, overlays.</summary>
internal sealed class SegmentationJudge(SegmentationOptions options, ISegmentationData data)
{
    private const int Drawn = 4;
    private const float LeastProbability = 1e-6f;

    private readonly DenseCrf? _crf = options.Crf is null ? null : new DenseCrf(options.Crf);

    /// <summary>Segments a picture.</summary>
    public SegmentationPrediction Predict(DilatedNetwork network, RgbImage image) => Predictor(network).Predict(image);

    /// <summary>Counts over the first pictures, without the CRF.</summary>
    public ConfusionCounts Count(DilatedNetwork network, int pictures, CancellationToken cancellation)
    {
        var device = network.Parameters[0].Device;
        var predictor = Predictor(network);
        using var matrix = new ConfusionMatrix(device, data.ClassNames.Count, LabelMap.Void);
        for (int i = 0; i < Math.Min(pictures, data.Count); i++)
        {
            cancellation.ThrowIfCancellationRequested();
            var sample = data.Read(i);
            Add(matrix, predictor.Predict(sample.Image).Labels, sample.Labels);
        }
        return matrix.Counts;
    }

    /// <summary>All measures over all pictures, in percent.</summary>
    public IReadOnlyDictionary<string, double> Metrics(DilatedNetwork network, CancellationToken cancellation)
    {
        var device = network.Parameters[0].Device;
        var predictor = Predictor(network);
        int classes = data.ClassNames.Count;
        using var plain = new ConfusionMatrix(device, classes, LabelMap.Void);
        using var sharp = new ConfusionMatrix(device, classes, LabelMap.Void);
        for (int i = 0; i < data.Count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            var sample = data.Read(i);
            var prediction = predictor.Predict(sample.Image);
            Add(plain, prediction.Labels, sample.Labels);
            if (_crf is null) continue;
            using var scope = device.Scope();
            sharp.Add(Marginals(device, prediction.Probabilities, sample.Image), Labels(device, sample.Labels));
        }
        var metrics = new Dictionary<string, double>();
        Write(metrics, "", plain.Counts);
        if (_crf is not null) Write(metrics, "crf.", sharp.Counts);
        return metrics;
    }

    /// <summary>Writes sheets of the first pictures with labels and prediction, without and with the CRF.</summary>
    public IReadOnlyList<string> Plot(DilatedNetwork network, string folder, string name)
    {
        var predictor = Predictor(network);
        List<SegmentationSheetRow> plain = [], sharp = [];
        for (int i = 0; i < Math.Min(Drawn, data.Count); i++)
        {
            var sample = data.Read(i);
            var prediction = predictor.Predict(sample.Image);
            plain.Add(new(sample.Name, sample.Image, sample.Labels, prediction.Labels));
            if (_crf is not null) sharp.Add(new(sample.Name, sample.Image, sample.Labels, Sharpen(network.Parameters[0].Device, prediction.Probabilities, sample.Image)));
        }
        List<string> files = [Save("segmentation.png", name, plain)];
        if (_crf is not null) files.Add(Save("segmentation-crf.png", $"{name}, dense CRF", sharp));
        return files;

        string Save(string file, string title, IReadOnlyList<SegmentationSheetRow> rows)
        {
            string path = Path.Combine(folder, file);
            var overlay = new Overlay { Clear = data.ClassNames[0] == "background" ? 0 : null };
            new SegmentationSheet(data.ClassNames, data.Palette) { Title = title, Overlay = overlay }.Save(path, rows);
            return path;
        }
    }

    private TiledPrediction Predictor(DilatedNetwork network) => new(network.Parameters[0].Device, network.Forward, new TiledPredictionOptions
    {
        TileWidth = options.Tile,
        TileHeight = options.Tile,
        Geometry = SegmentationRun.Geometry(network.Front),
        Normalization = options.Normalization,
    });

    /// <summary>The most probable labels behind the CRF.</summary>
    public LabelMap Sharpen(Device device, CellMap cells, RgbImage image)
    {
        if (_crf is null) throw new InvalidOperationException("The options of the run have no CRF (Crf is null).");
        using var scope = device.Scope();
        return new LabelMap(image.Width, image.Height, [.. Marginals(device, cells, image).ToArray().Select(label => (byte)label)]);
    }

    // What the CRF makes of probabilities at full size: [1, height, width].
    private IndexTensor Marginals(Device device, CellMap cells, RgbImage image)
    {
        float[] unary = cells.Upsample(image.Width, image.Height);
        for (int i = 0; i < unary.Length; i++) unary[i] = MathF.Log(MathF.Max(unary[i], LeastProbability));
        float[] colours = new float[image.Pixels.Length];
        int plane = image.Width * image.Height;
        for (int i = 0; i < colours.Length; i++) colours[i % 3 * plane + i / 3] = image.Pixels[i];
        return _crf!.Forward(
            device.Tensor(unary, (1, cells.Classes, image.Height, image.Width)), device.Tensor(colours, (1, 3, image.Height, image.Width))).ArgMax(1);
    }

    private static void Add(ConfusionMatrix matrix, LabelMap predicted, LabelMap labels)
    {
        using var scope = matrix.Device.Scope();
        matrix.Add(Labels(matrix.Device, predicted), Labels(matrix.Device, labels));
    }

    private static IndexTensor Labels(Device device, LabelMap map) =>
        device.Indices([.. map.Labels.Select(label => (int)label)], (1, map.Height, map.Width), LabelMap.Void + 1);

    private void Write(Dictionary<string, double> metrics, string prefix, ConfusionCounts counts)
    {
        metrics[$"{prefix}mIoU"] = 100 * counts.MeanIoU();
        metrics[$"{prefix}pixelAccuracy"] = 100 * counts.PixelAccuracy;
        for (int k = 0; k < data.ClassNames.Count; k++)
            if (!double.IsNaN(counts.IoU(k))) metrics[$"{prefix}IoU.{data.ClassNames[k]}"] = 100 * counts.IoU(k);   // else it never occurs
    }
}
