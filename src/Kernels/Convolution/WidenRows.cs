using ILGPU;

namespace GpuNets.Kernels;

/// <summary>y[r, i] = x[r, i] for i below the columns of x, and 0 behind them.</summary>
internal struct WidenRows : IRowElementKernel
{
    public ArrayView<float> X, Y;
    public int Columns, Pitch;

    public static void Launch(DeviceBuffer x, DeviceBuffer y, int columns, int pitch) => y.Device.ForRowElements(
        new WidenRows { X = x.Floats, Y = y.Floats, Columns = columns, Pitch = pitch }, x.Length / columns, pitch, 0.5f);

    public readonly unsafe void Run<TLoop>(int row, TLoop loop) where TLoop : struct, ILoop =>
        loop.Each(new Body { X = X.Ptr() + row * Columns, Y = Y.Ptr() + row * Pitch, Columns = Columns });

    private unsafe struct Body : IElementBody
    {
        public float* X, Y;
        public int Columns;

        public readonly void At<T>(int i) where T : struct, ILane<T>
        {
            for (int lane = i; lane < i + T.Count; lane++)
            {
                float value = X[lane < Columns ? lane : 0];
                Y[lane] = lane < Columns ? value : 0f;
            }
        }
    }
}
