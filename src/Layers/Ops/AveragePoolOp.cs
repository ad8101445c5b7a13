using GpuNets.Kernels;

namespace GpuNets;

/// <summary>y = mean of each window; dx = the sum of dy over the divisors of the windows that hold x.</summary>
internal sealed class AveragePoolOp(PoolShape windows, bool includePad, int divisor, Tensor x, Tensor y) : SingleOp(y)
{
    public static Tensor Apply(Tensor x, in PoolShape windows, bool includePad, int divisor)
    {
        if (divisor < 0) throw new ArgumentOutOfRangeException(nameof(divisor), divisor, "AveragePool: a divisor must be at least 1.");
        var y = Tensor.Empty(x.Device, windows.Result, "AveragePool");
        x.Device.ForRowElements(
            new AveragePoolForward
            {
                X = x.Buffer.Floats,
                Y = y.Buffer.Floats,
                Height = windows.Height,
                Width = windows.Width,
                IncludePad = includePad ? 1 : 0,
                Divisor = divisor,
            },
            windows.Planes * windows.Height.Output, windows.Width.Output, 1f + windows.Height.Taps(0) * windows.Width.Taps(0));
        Recorder(x)?.Add(new AveragePoolOp(windows, includePad, divisor, x, y));
        return y;
    }

    protected override void Backward(Tape tape, DeviceBuffer dy)
    {
        var dx = tape.Fresh(x)!;
        x.Device.ForRowElements(
            new AveragePoolBackward
            {
                DY = dy.Floats,
                DX = dx.Floats,
                Height = windows.Height,
                Width = windows.Width,
                IncludePad = includePad ? 1 : 0,
                Divisor = divisor,
            },
            windows.Planes * windows.Height.Input, windows.Width.Input, 3f);
        tape.Put(x, dx);
    }
}
