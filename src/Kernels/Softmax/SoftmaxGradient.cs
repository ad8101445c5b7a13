using ILGPU;

namespace GpuNets.Kernels;

/// <summary>Gradient of the row softmax: dx[r, c] = y[r, c] (dy[r, c] - sum_k y[r, k] dy[r, k]).</summary>
internal struct SoftmaxBackward : IRowKernel
{
    public static bool InFours => true;

    public ArrayView<float> Y, DY, DX;
    public int Columns;

    public readonly unsafe void Row<TTeam>(int row) where TTeam : struct, ITeam
    {
        int start = row * Columns;
        float* y = Y.Ptr() + start, dy = DY.Ptr() + start;
        float dot = TTeam.Sum(Columns, new Product { Y = y, DY = dy });
        TTeam.Each(Columns, new Difference { Y = y, DY = dy, DX = DX.Ptr() + start, Dot = dot });
    }

    private unsafe struct Product : IElementMap
    {
        public float* Y, DY;

        public readonly T At<T>(int i) where T : struct, ILane<T> => T.Load(Y, i) * T.Load(DY, i);
    }

    private unsafe struct Difference : IElementBody
    {
        public float* Y, DY, DX;
        public float Dot;

        public readonly void At<T>(int i) where T : struct, ILane<T> => T.Store(DX, i, T.Load(Y, i) * (T.Load(DY, i) - T.Of(Dot)));
    }
}
