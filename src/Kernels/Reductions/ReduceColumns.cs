using ILGPU;

namespace GpuNets.Kernels;

/// <summary>
/// y[o, p, c] = factor * reduction over chunk p of axis 1 of x [outer, length, inner]. A team owns a tile of neighbouring columns and adds
/// eight rows at a time to it: reads run along rows, the tile stays in the first-level cache, and eight rows at a time keep the traffic
/// to it small and the rounding error that of a tree.
/// </summary>
internal struct ReduceColumns<TOp> : IRowKernel where TOp : struct, IReducer
{
    public static bool InFours => true;

    public ArrayView<float> X, Y;
    public int Length, Inner, Chunk, Chunks, Width, Tiles;
    public float Factor;

    public readonly unsafe void Row<TTeam>(int row) where TTeam : struct, ITeam
    {
        int piece = row / Tiles, column = (row - piece * Tiles) * Width;
        int outer = piece / Chunks, start = (piece - outer * Chunks) * Chunk;
        int rows = Length - start < Chunk ? Length - start : Chunk;
        int columns = Inner - column < Width ? Inner - column : Width;
        float* x = X.Ptr() + ((outer * Length + start) * Inner + column), y = Y.Ptr() + (piece * Inner + column);

        TTeam.Each(columns, new First { X = x, Y = y });
        int k = 1;
        for (; k + 8 <= rows; k += 8) TTeam.Each(columns, new Eight { X = x + k * Inner, Y = y, Stride = Inner });
        for (; k < rows; k++) TTeam.Each(columns, new One { X = x + k * Inner, Y = y });
        TTeam.Each(columns, new Finish { Y = y, Factor = Factor });
    }

    private unsafe struct First : IElementBody
    {
        public float* X, Y;

        public readonly void At<T>(int i) where T : struct, ILane<T> => T.Store(Y, i, T.Load(X, i));
    }

    private unsafe struct One : IElementBody
    {
        public float* X, Y;

        public readonly void At<T>(int i) where T : struct, ILane<T> => T.Store(Y, i, TOp.Combine(T.Load(Y, i), T.Load(X, i)));
    }

    private unsafe struct Eight : IElementBody
    {
        public float* X, Y;
        public int Stride;

        public readonly void At<T>(int i) where T : struct, ILane<T>
        {
            T a = TOp.Combine(T.Load(X, i), T.Load(X + Stride, i));
            T b = TOp.Combine(T.Load(X + 2 * Stride, i), T.Load(X + 3 * Stride, i));
            T c = TOp.Combine(T.Load(X + 4 * Stride, i), T.Load(X + 5 * Stride, i));
            T d = TOp.Combine(T.Load(X + 6 * Stride, i), T.Load(X + 7 * Stride, i));
            T.Store(Y, i, TOp.Combine(T.Load(Y, i), TOp.Combine(TOp.Combine(a, b), TOp.Combine(c, d))));
        }
    }

    private unsafe struct Finish : IElementBody
    {
        public float* Y;
        public float Factor;

        public readonly void At<T>(int i) where T : struct, ILane<T> => T.Store(Y, i, T.Load(Y, i) * T.Of(Factor));
    }
}
