using GpuNets.Kernels;

namespace GpuNets;

/// <summary>The k largest or smallest values of the last axis, sorted, with their indices; dx has dy at the indices and 0 elsewhere.</summary>
internal sealed class TopKOp(Tensor x, IndexTensor indices, int k, Tensor y) : SingleOp(y)
{
    public static TopKResult Apply(Tensor x, int k, bool largest)
    {
        if (x.Shape.Rank == 0) throw new ShapeException("TopK", "expected a tensor with at least one axis, got [].");
        int columns = x.Shape[-1];
        if (k < 0 || k > columns) throw new ShapeException("TopK", $"k = {k} values cannot be taken from the {columns} of the last axis of {x.Shape}.");
        if (columns > TopK.MostColumns) throw new ShapeException("TopK", $"the last axis of {x.Shape} is longer than {TopK.MostColumns}.");
        var y = Tensor.Empty(x.Device, x.Shape.With(-1, k), "TopK");
        var indices = new IndexTensor(y.Shape, x.Device.AllocateTemporary(y.Count, "indices of TopK"), 0, y.Count == 0 ? -1 : columns - 1);
        TopK.Forward(x.Buffer, y.Buffer, indices.Buffer, columns, k, largest);
        Recorder(x)?.Add(new TopKOp(x, indices, k, y));
        return new TopKResult(y, indices);
    }

    protected override void Backward(Tape tape, DeviceBuffer dy)
    {
        if (tape.Target(x, out bool accumulate) is not { } dx) return;
        if (!accumulate) x.Device.Clear(dx);
        TopK.Backward(dy, indices.Buffer, dx, x.Shape[-1], k);
    }
}
