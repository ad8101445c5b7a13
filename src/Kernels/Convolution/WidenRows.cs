using ILGPU;

namespace GpuNets.Kernels;

/// <summary>y[r, i] = x[r, i] for i below the columns of x, and 0 behind them.</summary>
internal struct WidenRows : IRowElementKernel
{
    public ArrayView<float> X, Y;
    public int Columns, Pitch;

    /// <summary>
    /// The gradient of a problem's target with rows as far apart as those of the laid-out source and zeros between them; dy itself if they
    /// are. Free it if it is another buffer.
    /// </summary>
    public static DeviceBuffer Of(TapConv conv, DeviceBuffer dy, int pitch, out int length)
    {
        length = conv.Rows * pitch;
        if (pitch == conv.Columns) return dy;
        int rows = checked(conv.Batch * conv.Groups * conv.Out * conv.Rows);
        var lines = dy.Device.Allocate(checked(rows * pitch), "gradient in lines");
        dy.Device.ForRowElements(new WidenRows { X = dy.Floats, Y = lines.Floats, Columns = conv.Columns, Pitch = pitch }, rows, pitch, 0.5f);
        return lines;
    }

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
