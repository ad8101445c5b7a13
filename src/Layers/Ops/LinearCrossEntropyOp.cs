using GpuNets.Kernels;

namespace GpuNets;

/// <summary>
/// Cross-entropy of the logits x W^T + b, chunk by chunk of rows: at no time are all logits there. Backward makes those of a chunk again,
/// turns them into their gradient d in place, and adds dx = d W, dW += d^T x, db += column sums of d. Keeps two numbers per row.
/// </summary>
internal sealed class LinearCrossEntropyOp(
    Tensor x, Tensor weight, Tensor? bias, IndexTensor labels, LinearCrossEntropyOp.Settings settings, DeviceBuffer shift, DeviceBuffer sum, DeviceBuffer count,
    Tensor y) : SingleOp(y)
{
    /// <summary>Floats of the logits of a chunk: 64 MB. The weight is read once per chunk, so that small chunks cost bandwidth.</summary>
    private const int ChunkFloats = 1 << 24;

    /// <summary>Rows below this leave matrix products without work to share the weight among.</summary>
    private const int FewestRows = 64;

    public static Tensor Apply(
        Tensor x, Tensor weight, Tensor? bias, IndexTensor labels, int ignored, float smoothing, LossReduction reduction, int? chunkRows)
    {
        Check(x, weight, bias, labels);
        if (chunkRows < 1) throw new ArgumentOutOfRangeException(nameof(chunkRows), chunkRows, "LinearCrossEntropy: a chunk has at least one row.");
        CrossEntropyOp.CheckLabels("LinearCrossEntropy", labels, weight.Shape[0], ignored, smoothing);
        var device = x.Device;
        int rows = labels.Count, most = chunkRows ?? Math.Max(FewestRows, ChunkFloats / Math.Max(1, weight.Shape[0]));
        int chunks = Math.Max(1, (rows + most - 1) / most);
        var settings = new Settings(rows, weight.Shape[1], weight.Shape[0], Math.Max(1, (rows + chunks - 1) / chunks), ignored, smoothing, reduction == LossReduction.None);
        var y = Tensor.Empty(device, settings.PerRow ? labels.Shape : [], "LinearCrossEntropy");
        var shift = device.AllocateTemporary(rows, "LinearCrossEntropy rows");
        var sum = device.AllocateTemporary(rows, "LinearCrossEntropy rows");
        var count = device.AllocateTemporary(1, "LinearCrossEntropy count");
        DeviceBuffer losses = settings.PerRow ? y.Buffer : device.Allocate(rows, "losses"), counted = device.Allocate(rows, "rows that count");
        var logits = device.Allocate(settings.LogitsLength, "logits of a chunk");
        foreach (var (first, size) in settings.Chunks())
        {
            var part = Logits(x.Buffer, weight.Buffer, bias?.Buffer, logits, settings, first, size);
            CrossEntropy.Rows(
                part, labels.Buffer.Slice(first, size), losses.Slice(first, size), shift.Slice(first, size), sum.Slice(first, size), counted.Slice(first, size),
                settings.Classes, ignored, smoothing);
        }
        logits.Free();
        if (settings.PerRow)
        {
            Fill.Launch(count, 1f);
        }
        else
        {
            CrossEntropy.Total(losses, counted, y.Buffer, count, reduction == LossReduction.Mean);
            losses.Free();
        }
        counted.Free();
        Recorder(x, weight, bias)?.Add(new LinearCrossEntropyOp(x, weight, bias, labels, settings, shift, sum, count, y));
        return y;
    }

    protected override void Backward(Tape tape, DeviceBuffer dy)
    {
        var (rows, inputs, classes) = (settings.Rows, settings.Inputs, settings.Classes);
        var dx = tape.Target(x, out bool addX);
        var dw = tape.Target(weight, out bool addWeight);
        bool addBias = false;
        var db = bias is null ? null : tape.Target(bias, out addBias);
        if (rows == 0)
        {
            if (dw is not null && !addWeight) x.Device.Clear(dw);
            if (db is not null && !addBias) x.Device.Clear(db);
            return;
        }
        var logits = x.Device.Allocate(settings.LogitsLength, "logits of a chunk");
        foreach (var (first, size) in settings.Chunks())
        {
            var d = Logits(x.Buffer, weight.Buffer, bias?.Buffer, logits, settings, first, size);
            CrossEntropy.Backward(
                d, labels.Buffer.Slice(first, size), shift.Slice(first, size), sum.Slice(first, size), count,
                settings.PerRow ? dy.Slice(first, size) : dy, settings.PerRow, d, classes, settings.Ignored, settings.Smoothing);
            if (dx is not null)
                Gemm.Run(d, weight.Buffer, dx, new GemmSize(size, inputs, classes) { OffsetC = first * inputs }, accumulate: addX);
            if (dw is not null)
                Gemm.Run(
                    d, x.Buffer, dw, new GemmSize(classes, inputs, size, transposeA: true) { OffsetB = first * inputs }, accumulate: addWeight || first > 0);
            if (db is not null) ColumnSums.Run(d, size, classes, db, addBias || first > 0);
        }
        logits.Free();
    }

    private static DeviceBuffer Logits(
        DeviceBuffer x, DeviceBuffer weight, DeviceBuffer? bias, DeviceBuffer logits, Settings settings, int first, int size)
    {
        var part = logits.Slice(0, size * settings.Classes);
        Gemm.Run(
            x, weight, part, new GemmSize(size, settings.Classes, settings.Inputs, transposeB: true) { OffsetA = first * settings.Inputs }, bias);
        return part;
    }

    private static void Check(Tensor x, Tensor weight, Tensor? bias, IndexTensor labels)
    {
        CheckDevice("LinearCrossEntropy", x.Device, weight.Device);
        CheckDevice("LinearCrossEntropy", x.Device, labels.Device);
        if (bias is not null) CheckDevice("LinearCrossEntropy", x.Device, bias.Device);
        if (x.Shape.Rank == 0 || weight.Shape.Rank != 2 || weight.Shape[1] != x.Shape[-1] || weight.Shape[0] == 0)
            throw new ShapeException("LinearCrossEntropy", $"weight {weight.Shape} must be [classes, in] with the last axis of x {x.Shape} as in.");
        if (bias is not null && bias.Shape != new Shape(weight.Shape[0]))
            throw new ShapeException("LinearCrossEntropy", $"the bias has shape {bias.Shape}, expected [{weight.Shape[0]}].");
        if (!x.Shape.Dimensions[..^1].SequenceEqual(labels.Shape.Dimensions))
            throw new ShapeException("LinearCrossEntropy", $"x {x.Shape} needs labels of shape {new Shape(x.Shape.Dimensions[..^1])}, got {labels.Shape}.");
    }

    /// <summary>Sizes and options.</summary>
    internal sealed record Settings(int Rows, int Inputs, int Classes, int ChunkRows, int Ignored, float Smoothing, bool PerRow)
    {
        public int LogitsLength => checked(Math.Min(Rows, ChunkRows) * Classes);

        public IEnumerable<(int First, int Size)> Chunks()
        {
            for (int first = 0; first < Rows; first += ChunkRows) yield return (first, Math.Min(ChunkRows, Rows - first));
        }
    }
}
