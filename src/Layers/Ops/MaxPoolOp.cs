using GpuNets.Kernels;

namespace GpuNets;

/// <summary>y = maximum of each window; dx = dy where the maximum is.</summary>
internal sealed class MaxPoolOp(PoolShape windows, Tensor x, Tensor y, DeviceBuffer index) : SingleOp(y)
{
    public static Tensor Apply(Tensor x, in PoolShape windows)
    {
        var y = Tensor.Empty(x.Device, windows.Result, "MaxPool");
        var index = x.Device.AllocateTemporary(y.Count, "places of maxima");
        int rows = windows.Planes * windows.Height.Output;
        x.Device.ForRowElements(
            new MaxPoolForward { X = x.Buffer.Floats, Y = y.Buffer.Floats, Index = index.Ints, Height = windows.Height, Width = windows.Width },
            rows, windows.Width.Output, 1f + windows.Height.Taps(0) * windows.Width.Taps(0));
        Recorder(x)?.Add(new MaxPoolOp(windows, x, y, index));
        return y;
    }

    protected override void Backward(Tape tape, DeviceBuffer dy)
    {
        var dx = tape.Fresh(x)!;
        x.Device.ForRowElements(
            new MaxPoolBackward { DY = dy.Floats, DX = dx.Floats, Index = index.Ints, Height = windows.Height, Width = windows.Width },
            windows.Planes * windows.Height.Input, windows.Width.Input, 3f);
        tape.Put(x, dx);
    }
}
