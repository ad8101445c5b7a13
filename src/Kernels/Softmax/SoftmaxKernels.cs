using ILGPU;

namespace GpuNets.Kernels;

/// <summary>
/// Row softmax: y[r, c] = e^(x[r, c] - max_r) / sum_k e^(x[r, k] - max_r). One team per row; passes over a row that stays in cache. The
/// exponentials are stored by a pass of their own: a loop that also sums does not become vector code on PoCL.
/// </summary>
internal struct SoftmaxForward : IRowKernel
{
    public static bool InFours => true;

    public ArrayView<float> X, Y;
    public int Columns;

    public readonly unsafe void Row<TTeam>(int row) where TTeam : struct, ITeam
    {
        float* x = X.Ptr() + row * Columns, y = Y.Ptr() + row * Columns;
        float max = TTeam.Max(Columns, new Source { X = x });
        TTeam.Each(Columns, new Exponential { X = x, Y = y, Max = max });
        TTeam.Barrier();
        float sum = TTeam.Sum(Columns, new Source { X = y });
        TTeam.Each(Columns, new ScaleInPlace { Y = y, Factor = 1f / sum });
    }

    private unsafe struct Source : IElementMap
    {
        public float* X;

        public readonly T At<T>(int i) where T : struct, ILane<T> => T.Load(X, i);
    }

    private unsafe struct Exponential : IElementBody
    {
        public float* X, Y;
        public float Max;

        public readonly void At<T>(int i) where T : struct, ILane<T> => T.Store(Y, i, LaneMath.Exp(T.Load(X, i) - T.Of(Max)));
    }

    private unsafe struct ScaleInPlace : IElementBody
    {
        public float* Y;
        public float Factor;

        public readonly void At<T>(int i) where T : struct, ILane<T> => T.Store(Y, i, T.Load(Y, i) * T.Of(Factor));
    }
}
