namespace GpuNets;

/// <summary>y = K x for the matrix K of a filter between positions, the same for all channels; dx = K^T dy.</summary>
internal sealed class GaussianFilterOp(GaussianFilter filter, Tensor x, Tensor y) : SingleOp(y)
{
    public static Tensor Apply(GaussianFilter filter, Tensor x)
    {
        CheckDevice("GaussianFilter", filter.Device, x.Device);
        if (x.Shape.Rank != 3 || x.Shape[0] != filter.Samples || x.Shape[1] != filter.Positions)
            throw new ShapeException("GaussianFilter", $"{filter} takes rows [{filter.Samples}, {filter.Positions}, C], got {x.Shape}.");
        var y = Tensor.Empty(x.Device, x.Shape, "GaussianFilter");
        filter.Run(x.Buffer, y.Buffer, x.Shape[2], transposed: false, accumulate: false);
        Recorder(x)?.Add(new GaussianFilterOp(filter, x, y));
        return y;
    }

    protected override void Backward(Tape tape, DeviceBuffer dy)
    {
        if (tape.Target(x, out bool accumulate) is { } dx) filter.Run(dy, dx, x.Shape[2], transposed: true, accumulate);
    }
}
