using ILGPU;

namespace GpuNets.Kernels;

/// <summary>
/// y[r] = the first column with the largest value of row r; NaN is larger than any number. One team per row: the maximum, then the first
/// lane that equals it, within which the column is looked for.
/// </summary>
/// <remarks>Columns are counted in floats, exact up to <see cref="ArgMax.MostColumns"/>.</remarks>
internal struct ArgMaxRows : IRowKernel
{
    public static bool InFours => true;

    public ArrayView<float> X;
    public ArrayView<int> Y;
    public int Columns;

    public readonly unsafe void Row<TTeam>(int row) where TTeam : struct, ITeam
    {
        float* x = X.Ptr() + row * Columns;
        float max = TTeam.Max(Columns, new RowValues { X = x });
        int at = (int)-TTeam.Max(Columns, new Matches { X = x, Max = max });
        if (TTeam.Rank != 0) return;
        while (at < Columns - 1 && Matches.Is(x[at], max) == 0f) at++;
        Y[row] = at;
    }

    /// <summary>Minus the first index of a lane that has the maximum, else -infinity.</summary>
    private unsafe struct Matches : IElementMap
    {
        public float* X;
        public float Max;

        public readonly T At<T>(int i) where T : struct, ILane<T>
        {
            T x = T.Load(X, i), max = T.Of(Max), found = T.Of(-i), none = T.Of(float.NegativeInfinity);
            return T.IfEqual(max, max, T.IfEqual(x, max, found, none), T.IfEqual(x, x, none, found));
        }

        public static float Is(float x, float max) => DeviceMath.IfEqual(max, max, DeviceMath.IfEqual(x, max, 1f, 0f), DeviceMath.IfEqual(x, x, 0f, 1f));
    }
}

/// <summary>
/// The same along the middle axis of x [outer, classes, inner], as for label maps of scores [N, C, H, W]: neighbouring lanes and threads take
/// neighbouring positions and go through the classes together.
/// </summary>
internal struct ArgMaxPlanes : IRowElementKernel
{
    public static bool InFours => true;

    public ArrayView<float> X;
    public ArrayView<int> Y;
    public int Classes, Inner;

    public readonly unsafe void Run<TLoop>(int row, TLoop loop) where TLoop : struct, ILoop =>
        loop.Each(new Body { X = X.Ptr() + row * Classes * Inner, Y = Y.Ptr() + row * Inner, Classes = Classes, Inner = Inner });

    private unsafe struct Body : IElementBody
    {
        public float* X;
        public int* Y;
        public int Classes, Inner;

        public readonly void At<T>(int i) where T : struct, ILane<T>
        {
            T best = T.Load(X, i), at = T.Of(0f);
            for (int c = 1; c < Classes; c++)
            {
                T x = T.Load(X, c * Inner + i), here = T.Of(c);
                // The first NaN stays: nothing is greater than it, and only a number gives way to it.
                at = T.IfEqual(x, x, T.IfGreater(x, best, here, at), T.IfEqual(best, best, here, at));
                best = LaneMath.Max(best, x);
            }
            T.StoreInts(Y, i, at);
        }
    }
}

/// <summary>
/// <see cref="ArgMaxPlanes"/> for PoCL, which makes vector code of short inner loops: a team goes over a tile of positions class by class, and the
/// largest values so far stay in the first-level cache (21 classes at 180x240 on PoCL 6: 0.23 ms for 5.8).
/// </summary>
internal struct ArgMaxSweep : IRowKernel
{
    /// <summary>Positions of a tile.</summary>
    public const int Width = 1024;

    public ArrayView<float> X, Best;
    public ArrayView<int> Y;
    public int Classes, Inner, Tiles;

    public readonly unsafe void Row<TTeam>(int row) where TTeam : struct, ITeam
    {
        int outer = row / Tiles, column = (row - outer * Tiles) * Width, at = outer * Inner + column;
        int n = Inner - column < Width ? Inner - column : Width;
        float* x = X.Ptr() + outer * Classes * Inner + column, best = Best.Ptr() + at;
        int* y = Y.Ptr() + at;
        TTeam.Each(n, new First { X = x, Best = best, Y = y });
        for (int c = 1; c < Classes; c++) TTeam.Each(n, new Next { X = x + c * Inner, Best = best, Y = y, Class = c });
    }

    private unsafe struct First : IElementBody
    {
        public float* X, Best;
        public int* Y;

        public readonly void At<T>(int i) where T : struct, ILane<T>
        {
            T.Store(Best, i, T.Load(X, i));
            T.StoreInts(Y, i, T.Of(0f));
        }
    }

    private unsafe struct Next : IElementBody
    {
        public float* X, Best;
        public int* Y;
        public int Class;

        public readonly void At<T>(int i) where T : struct, ILane<T>
        {
            T x = T.Load(X, i), best = T.Load(Best, i), at = T.LoadInts(Y, i), here = T.Of(Class);
            T.StoreInts(Y, i, T.IfEqual(x, x, T.IfGreater(x, best, here, at), T.IfEqual(best, best, here, at)));
            T.Store(Best, i, LaneMath.Max(best, x));
        }
    }
}
