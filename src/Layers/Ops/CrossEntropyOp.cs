using GpuNets.Kernels;

namespace GpuNets;

/// <summary>
/// Cross-entropy of logits with labels along an axis, mean, sum or row by row; dx = dy (softmax(x) - target) / count in rows that are not ignored.
/// </summary>
internal sealed class CrossEntropyOp(
    Tensor x, IndexTensor labels, int axis, DeviceBuffer shift, DeviceBuffer sum, DeviceBuffer count, int ignored, float smoothing, bool perRow, Tensor y) : SingleOp(y)
{
    public static Tensor Apply(Tensor x, IndexTensor labels, int ignored, float smoothing, LossReduction reduction, int axis)
    {
        CheckDevice("CrossEntropy", x.Device, labels.Device);
        if (x.Shape.Rank == 0) throw new ShapeException("CrossEntropy", $"logits need an axis of classes, got {x.Shape}.");
        axis = x.Shape.Axis(axis, "CrossEntropy");
        int classes = x.Shape[axis], inner = x.Shape.Product(axis + 1, x.Shape.Rank);
        if (classes == 0) throw new ShapeException("CrossEntropy", $"logits {x.Shape} have no classes along axis {axis}.");
        var rows = Axes.Remove(x.Shape, axis);
        if (rows != labels.Shape)
        {
            throw new ShapeException("CrossEntropy",
                $"logits {x.Shape} with classes along axis {axis} need labels of shape {rows}, got {labels.Shape}.");
        }
        if (inner > 1 && classes > ArgMax.MostColumns)
            throw new ShapeException("CrossEntropy", $"axis {axis} of {x.Shape} has more than {ArgMax.MostColumns} classes; make it the last one.");
        CheckLabels("CrossEntropy", labels, classes, ignored, smoothing);
        var device = x.Device;
        bool perRow = reduction == LossReduction.None;
        var y = Tensor.Empty(device, perRow ? labels.Shape : [], "CrossEntropy");
        var shift = device.AllocateTemporary(labels.Count, "CrossEntropy rows");
        var sum = device.AllocateTemporary(labels.Count, "CrossEntropy rows");
        var count = device.AllocateTemporary(1, "CrossEntropy count");
        var counted = device.Allocate(labels.Count, "rows that count");
        var losses = perRow ? y.Buffer : device.Allocate(labels.Count, "losses");
        if (inner == 1) CrossEntropy.Rows(x.Buffer, labels.Buffer, losses, shift, sum, counted, classes, ignored, smoothing);
        else CrossEntropy.Planes(x.Buffer, labels.Buffer, losses, shift, sum, counted, classes, inner, ignored, smoothing);
        if (perRow)
        {
            Fill.Launch(count, 1f);
        }
        else
        {
            CrossEntropy.Total(losses, counted, y.Buffer, count, reduction == LossReduction.Mean);
            losses.Free();
        }
        counted.Free();
        Recorder(x)?.Add(new CrossEntropyOp(x, labels, axis, shift, sum, count, ignored, smoothing, perRow, y));
        return y;
    }

    /// <summary>Throws unless every label is a class or the ignored one, and the smoothing is a share.</summary>
    public static void CheckLabels(string operation, IndexTensor labels, int classes, int ignored, float smoothing)
    {
        if (!(smoothing >= 0f && smoothing <= 1f))
            throw new ArgumentOutOfRangeException(nameof(smoothing), smoothing, $"{operation}: label smoothing must be between 0 and 1.");
        if (labels.Count == 0 || (labels.Minimum >= 0 && labels.Maximum < classes)) return;
        // The range does not tell when it includes the ignored label: then the labels themselves are looked at.
        foreach (int label in labels.HostValues)
        {
            if (label == ignored || (label >= 0 && label < classes)) continue;
            throw new ShapeException(operation, $"label {label} is not one of the {classes} classes (0 to {classes - 1}; {ignored} is ignored).");
        }
    }

    protected override void Backward(Tape tape, DeviceBuffer dy)
    {
        var dx = tape.Fresh(x)!;
        int classes = x.Shape[axis], inner = x.Shape.Product(axis + 1, x.Shape.Rank);
        if (inner == 1) CrossEntropy.Backward(x.Buffer, labels.Buffer, shift, sum, count, dy, perRow, dx, classes, ignored, smoothing);
        else CrossEntropy.PlanesBackward(x.Buffer, labels.Buffer, shift, sum, count, dy, perRow, dx, classes, inner, ignored, smoothing);
        tape.Put(x, dx);
    }
}
