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
        var (height, width) = (windows.Height, windows.Width);
        float cost = 1f + height.Taps(0) * width.Taps(0);
        if (x.Device.Form == ExecutionForm.Host)
        {
            x.Device.ForHostRows(
                new HostMaxPool { X = x.Buffer.Floats, Y = y.Buffer.Floats, Index = index.Ints, Height = height, Width = width }, rows, cost * width.Output);
        }
        else
        {
            x.Device.ForRowElements(
                new MaxPoolForward { X = x.Buffer.Floats, Y = y.Buffer.Floats, Index = index.Ints, Height = height, Width = width }, rows, width.Output, cost);
        }
        Recorder(x)?.Add(new MaxPoolOp(windows, x, y, index));
        return y;
    }

    protected override void Backward(Tape tape, DeviceBuffer dy)
    {
        var dx = tape.Fresh(x)!;
        var (height, width) = (windows.Height, windows.Width);
        if (x.Device.Form == ExecutionForm.Host)
        {
            int inputs = height.Input * width.Input;
            x.Device.ForHostRows(
                new HostMaxPoolGradient { DY = dy.Floats, DX = dx.Floats, Index = index.Ints, Inputs = inputs, Outputs = height.Output * width.Output },
                windows.Planes, 0.5f * inputs);
        }
        else
        {
            x.Device.ForRowElements(
                new MaxPoolBackward { DY = dy.Floats, DX = dx.Floats, Index = index.Ints, Height = height, Width = width },
                windows.Planes * height.Input, width.Input, 3f);
        }
        tape.Put(x, dx);
    }
}
