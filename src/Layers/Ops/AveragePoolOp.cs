using GpuNets.Kernels;

namespace GpuNets;

/// <summary>y = mean of each window; dx = the sum of dy over the divisors of the windows that hold x.</summary>
internal sealed class AveragePoolOp(PoolShape windows, bool includePad, int divisor, Tensor x, Tensor y) : SingleOp(y)
{
    public static Tensor Apply(Tensor x, in PoolShape windows, bool includePad, int divisor)
    {
        if (divisor < 0) throw new ArgumentOutOfRangeException(nameof(divisor), divisor, "AveragePool: a divisor must be at least 1.");
        var y = Tensor.Empty(x.Device, windows.Result, "AveragePool");
        var (height, width) = (windows.Height, windows.Width);
        int rows = windows.Planes * height.Output, pads = includePad ? 1 : 0;
        float cost = 1f + height.Taps(0) * width.Taps(0);
        if (x.Device.Form == ExecutionForm.Host)
        {
            x.Device.ForHostRows(
                new HostAveragePool { X = x.Buffer.Floats, Y = y.Buffer.Floats, Height = height, Width = width, IncludePad = pads, Divisor = divisor },
                rows, cost * width.Output);
        }
        else
        {
            x.Device.ForRowElements(
                new AveragePoolForward { X = x.Buffer.Floats, Y = y.Buffer.Floats, Height = height, Width = width, IncludePad = pads, Divisor = divisor },
                rows, width.Output, cost);
        }
        Recorder(x)?.Add(new AveragePoolOp(windows, includePad, divisor, x, y));
        return y;
    }

    protected override void Backward(Tape tape, DeviceBuffer dy)
    {
        var dx = tape.Fresh(x)!;
        var (height, width) = (windows.Height, windows.Width);
        int pads = includePad ? 1 : 0;
        if (x.Device.Form == ExecutionForm.Host)
        {
            x.Device.ForHostRows(
                new HostAveragePoolGradient { DY = dy.Floats, DX = dx.Floats, Height = height, Width = width, IncludePad = pads, Divisor = divisor },
                windows.Planes, 1f * height.Input * width.Input);
        }
        else
        {
            x.Device.ForRowElements(
                new AveragePoolBackward { DY = dy.Floats, DX = dx.Floats, Height = height, Width = width, IncludePad = pads, Divisor = divisor },
                windows.Planes * height.Input, width.Input, 3f);
        }
        tape.Put(x, dx);
    }
}
