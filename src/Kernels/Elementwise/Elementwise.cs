namespace GpuNets.Kernels;

/// <summary>Launches elementwise kernels of one variable on raw buffers.</summary>
internal static class Elementwise
{
    /// <summary>y[i] = f(x[i]) for i below the length of <paramref name="y"/>; x and y may be the same buffer.</summary>
    public static void Forward<TOp>(DeviceBuffer x, DeviceBuffer y) where TOp : struct, IUnaryFunction =>
        y.Device.ForEach(new UnaryForward<TOp> { X = x.Floats, Y = y.Floats }, y.Length);

    /// <summary>dx[i] = dy[i] f'(x[i]); y = f(x).</summary>
    public static void Backward<TOp>(DeviceBuffer x, DeviceBuffer y, DeviceBuffer dy, DeviceBuffer dx) where TOp : struct, IUnaryOp =>
        dx.Device.ForEach(new UnaryBackward<TOp> { X = x.Floats, Y = y.Floats, DY = dy.Floats, DX = dx.Floats }, dx.Length);

    /// <summary>y[i] = f(x[i]), f with parameters.</summary>
    public static void Forward<TOp>(TOp op, DeviceBuffer x, DeviceBuffer y) where TOp : struct, IParametricOp =>
        y.Device.ForEach(new ParametricForward<TOp> { X = x.Floats, Y = y.Floats, Op = op }, y.Length);

    /// <summary>dx[i] = dy[i] f'(x[i]), f with parameters; y = f(x).</summary>
    public static void Backward<TOp>(TOp op, DeviceBuffer x, DeviceBuffer y, DeviceBuffer dy, DeviceBuffer dx)
        where TOp : struct, IParametricOp =>
        dx.Device.ForEach(new ParametricBackward<TOp> { X = x.Floats, Y = y.Floats, DY = dy.Floats, DX = dx.Floats, Op = op }, dx.Length);
}
