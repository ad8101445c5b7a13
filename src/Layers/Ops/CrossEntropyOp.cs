using GpuNets.Kernels;

namespace GpuNets;

/// <summary>Cross-entropy of logits with labels, mean or sum; dx = dy (softmax(x) - target) / count in rows that are not ignored.</summary>
internal sealed class CrossEntropyOp(
    Tensor x, IndexTensor labels, DeviceBuffer shift, DeviceBuffer sum, DeviceBuffer count, int ignored, float smoothing, Tensor y) : SingleOp(y)
{
    public static Tensor Apply(Tensor x, IndexTensor labels, int ignored, float smoothing, LossReduction reduction)
    {
        Check(x, labels, ignored, smoothing);
        var device = x.Device;
        var y = Tensor.Empty(device, [], "CrossEntropy");
        var shift = device.AllocateTemporary(labels.Count, "CrossEntropy rows");
        var sum = device.AllocateTemporary(labels.Count, "CrossEntropy rows");
        var count = device.AllocateTemporary(1, "CrossEntropy count");
        CrossEntropy.Forward(
            x.Buffer, labels.Buffer, y.Buffer, shift, sum, count, x.Shape[-1], ignored, smoothing, reduction == LossReduction.Mean);
        Recorder(x)?.Add(new CrossEntropyOp(x, labels, shift, sum, count, ignored, smoothing, y));
        return y;
    }

    protected override void Backward(Tape tape, DeviceBuffer dy)
    {
        var dx = tape.Fresh(x)!;
        CrossEntropy.Backward(x.Buffer, labels.Buffer, shift, sum, count, dy, dx, x.Shape[-1], ignored, smoothing);
        tape.Put(x, dx);
    }

    private static void Check(Tensor x, IndexTensor labels, int ignored, float smoothing)
    {
        CheckDevice("CrossEntropy", x.Device, labels.Device);
        if (x.Shape.Rank == 0 || x.Shape[-1] == 0)
            throw new ShapeException("CrossEntropy", $"logits need a last axis of classes, got {x.Shape}.");
        if (!x.Shape.Dimensions[..^1].SequenceEqual(labels.Shape.Dimensions))
        {
            throw new ShapeException("CrossEntropy",
                $"logits {x.Shape} need labels of shape {new Shape(x.Shape.Dimensions[..^1])}, got {labels.Shape}.");
        }
        if (!(smoothing >= 0f && smoothing <= 1f))
            throw new ArgumentOutOfRangeException(nameof(smoothing), smoothing, "CrossEntropy: label smoothing must be between 0 and 1.");
        int classes = x.Shape[-1];
        if (labels.Count == 0 || (labels.Minimum >= 0 && labels.Maximum < classes)) return;
        // The range does not tell when it includes the ignored label: then the labels themselves are looked at.
        foreach (int label in labels.HostValues)
        {
            if (label == ignored || (label >= 0 && label < classes)) continue;
            throw new ShapeException("CrossEntropy",
                $"label {label} is not one of the {classes} classes (0 to {classes - 1}; {ignored} is ignored).");
        }
    }
}
