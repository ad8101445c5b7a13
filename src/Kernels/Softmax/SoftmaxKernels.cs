using System.Runtime.CompilerServices;
using ILGPU;

namespace GpuNets.Kernels;

/// <summary>
/// Row softmax: y[r, c] = e^(x[r, c] - max_r) / sum_k e^(x[r, k] - max_r). One team per row; passes over a row that stays in cache. The
/// exponentials are stored by a pass of their own: a loop that also sums does not become vector code on PoCL.
/// </summary>
internal struct SoftmaxForward : IRowKernel, IHostRows
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

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly unsafe void Rows<TLanes, T>(int start, int end) where TLanes : struct, IHostTileLanes<T> where T : struct, ILane<T>
    {
        int whole = Columns - Columns % T.Count;
        T mask = TLanes.Mask(Columns - whole), lowest = T.Of(float.NegativeInfinity);
        float* x = X.Ptr() + start * Columns, y = Y.Ptr() + start * Columns;
        for (int row = start; row < end; row++, x += Columns, y += Columns)
        {
            // NaN may be lost in the maximum: the sum is then NaN, and so is all of the row.
            T last = TLanes.Load(x + whole, mask, lowest), most = last;
            for (int i = 0; i < whole; i += T.Count)
            {
                T value = T.Load(x, i);
                most = T.IfGreater(value, most, value, most);
            }
            T max = T.Of(T.Max(most));
            last = LaneMath.ExpNegative(last - max);
            T sum = last;
            for (int i = 0; i < whole; i += T.Count)
            {
                T value = LaneMath.ExpNegative(T.Load(x, i) - max);
                T.Store(y, i, value);
                sum += value;
            }
            T factor = T.Of(1f / T.Sum(sum));
            for (int i = 0; i < whole; i += T.Count) T.Store(y, i, T.Load(y, i) * factor);
            TLanes.Store(y + whole, last * factor, mask);
        }
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

        public readonly void At<T>(int i) where T : struct, ILane<T> => T.Store(Y, i, LaneMath.ExpNegative(T.Load(X, i) - T.Of(Max)));
    }

    private unsafe struct ScaleInPlace : IElementBody
    {
        public float* Y;
        public float Factor;

        public readonly void At<T>(int i) where T : struct, ILane<T> => T.Store(Y, i, T.Load(Y, i) * T.Of(Factor));
    }
}
