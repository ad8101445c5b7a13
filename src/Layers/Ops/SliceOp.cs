namespace GpuNets;

/// <summary>y = a window of x; dx is zero but for the window, which gets dy.</summary>
internal sealed class SliceOp(Tensor x, Tensor y, Window window) : SingleOp(y)
{
    public static Tensor Apply(Tensor x, ReadOnlySpan<int> starts, ReadOnlySpan<int> sizes, ReadOnlySpan<int> steps)
    {
        var window = new Window(x.Shape, starts, sizes, steps);
        var y = Tensor.Empty(x.Device, new Shape(sizes), "Slice");
        window.Read("Slice", x.Buffer, y.Buffer);
        Recorder(x)?.Add(new SliceOp(x, y, window));
        return y;
    }

    protected override void Backward(Tape tape, DeviceBuffer dy)
    {
        if (tape.Target(x, out bool accumulate) is not { } dx) return;
        if (!accumulate) x.Device.Clear(dx);
        window.Write("Slice", dx, dy, accumulate);
    }
}
