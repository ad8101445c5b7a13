namespace GpuNets.Kernels;

/// <summary>Launches elementwise kernels on raw buffers.</summary>
internal static class Elementwise
{
    /// <summary>y[i] = f(x[i]) for i below the length of <paramref name="y"/>; x and y may be the same buffer.</summary>
    public static void Forward<TOp>(DeviceBuffer x, DeviceBuffer y) where TOp : struct, IUnaryOp =>
        y.Device.ForEach(new UnaryForward<TOp> { X = x.Floats, Y = y.Floats }, y.Length);

    /// <summary>dx[i] = dy[i] f'(x[i]); y = f(x).</summary>
    public static void Backward<TOp>(DeviceBuffer x, DeviceBuffer y, DeviceBuffer dy, DeviceBuffer dx) where TOp : struct, IUnaryOp =>
        dx.Device.ForEach(new UnaryBackward<TOp> { X = x.Floats, Y = y.Floats, DY = dy.Floats, DX = dx.Floats }, dx.Length);
}
