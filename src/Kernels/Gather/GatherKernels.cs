using ILGPU;

namespace GpuNets.Kernels;

/// <summary>
/// y[o, k, :] = x[o, index[k], :] with rows of Inner floats: embedding lookup, and selection along any axis. One team per row of y.
/// </summary>
internal struct SelectRows : IRowKernel
{
    public static bool InFours => true;

    public ArrayView<float> X, Y;
    public ArrayView<int> Index;

    /// <summary>Indices, and rows of x, per outer element.</summary>
    public StridedAxis Indices;

    public int AxisSize, Inner;

    public readonly unsafe void Row<TTeam>(int row) where TTeam : struct, ITeam
    {
        int outer = Indices.Divide(row);
        int source = outer * AxisSize + Index.Ptr()[row - outer * Indices.Size];
        TTeam.Each(Inner, new CopyBody<Write> { X = X.Ptr() + source * Inner, Y = Y.Ptr() + row * Inner });
    }
}

/// <summary>The same, one element per thread: rows too short for a team.</summary>
internal struct SelectElements : IElementKernel
{
    public ArrayView<float> X, Y;
    public ArrayView<int> Index;
    public StridedAxis Indices, Inner;
    public int AxisSize;

    public readonly unsafe void Run<TLoop>(TLoop loop) where TLoop : struct, ILoop =>
        loop.Each(new Body { X = X.Ptr(), Y = Y.Ptr(), Index = Index.Ptr(), Indices = Indices, Inner = Inner, AxisSize = AxisSize });

    private unsafe struct Body : IElementBody
    {
        public float* X, Y;
        public int* Index;
        public StridedAxis Indices, Inner;
        public int AxisSize;

        public readonly void At<T>(int i) where T : struct, ILane<T>
        {
            for (int lane = i; lane < i + T.Count; lane++)
            {
                int row = Inner.Divide(lane), outer = Indices.Divide(row);
                int source = outer * AxisSize + Index[row - outer * Indices.Size];
                Y[lane] = X[source * Inner.Size + lane - row * Inner.Size];
            }
        }
    }
}

/// <summary>y[i] = x[place of i with its coordinate on one axis replaced by index[i]]: an index of its own for every element.</summary>
internal struct GatherElements : IElementKernel
{
    public ArrayView<float> X, Y;
    public ArrayView<int> Index;

    /// <summary>Axes of y; their x strides are those of x, and 0 for the gathered axis.</summary>
    public StridedAxes Outer;

    public StridedAxis Inner;

    /// <summary>Stride of the gathered axis in x.</summary>
    public int AxisStride;

    public readonly unsafe void Run<TLoop>(TLoop loop) where TLoop : struct, ILoop =>
        loop.Each(new Body { X = X.Ptr(), Y = Y.Ptr(), Index = Index.Ptr(), Outer = Outer, Inner = Inner, AxisStride = AxisStride });

    private unsafe struct Body : IElementBody
    {
        public float* X, Y;
        public int* Index;
        public StridedAxes Outer;
        public StridedAxis Inner;
        public int AxisStride;

        public readonly void At<T>(int i) where T : struct, ILane<T>
        {
            for (int lane = i; lane < i + T.Count; lane++)
            {
                int x = 0, y = 0;
                Outer.Offsets(Inner.Step(lane, ref x, ref y), ref x, ref y);
                Y[lane] = X[x + Index[lane] * AxisStride];
            }
        }
    }
}
