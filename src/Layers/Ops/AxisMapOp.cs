using GpuNets.Kernels;

namespace GpuNets;

/// <summary>y = a linear map along one axis of x: padding by repetition, resizing. dx is its transpose.</summary>
internal sealed class AxisMapOp<TMap>(TMap map, Tensor x, Tensor y, int axis) : SingleOp(y) where TMap : struct, IAxisMap
{
    public static Tensor Apply(string name, in TMap map, Tensor x, int axis, int total)
    {
        var shape = x.Shape.With(axis, total);
        var y = Tensor.Empty(x.Device, shape, name);
        if (y.Count > 0) AxisMap.Forward(map, x.Buffer, y.Buffer, x.Shape.Product(0, axis), x.Shape[axis], total, x.Shape.Product(axis + 1, x.Shape.Rank));
        Recorder(x)?.Add(new AxisMapOp<TMap>(map, x, y, axis));
        return y;
    }

    protected override void Backward(Tape tape, DeviceBuffer dy)
    {
        var dx = tape.Fresh(x)!;
        if (x.Count > 0)
            AxisMap.Backward(map, dy, dx, x.Shape.Product(0, axis), x.Shape[axis], Output.Shape[axis], x.Shape.Product(axis + 1, x.Shape.Rank));
        tape.Put(x, dx);
    }
}
