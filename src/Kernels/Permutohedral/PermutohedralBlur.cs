using System.Runtime.CompilerServices;
using ILGPU;

namespace GpuNets.Kernels;

/// <summary>
/// y[v, :] = x[v, :] + (x[before v, :] + x[after v, :]) / 2 along one axis of the lattice; neighbours that do not exist are 0. One team per
/// vertex, in rows of as many floats as there are channels; the host does many rows in one method, the rest of each under a mask.
/// </summary>
internal struct PermutohedralBlur : IRowKernel, IHostRows
{
    public ArrayView<float> X, Y;
    public ArrayView<int> Before, After;

    /// <summary>Channels, and the first neighbour of the axis.</summary>
    public int Columns, First;

    public readonly unsafe void Row<TTeam>(int row) where TTeam : struct, ITeam
    {
        int before = Before.Ptr()[First + row], after = After.Ptr()[First + row];
        float* x = X.Ptr();
        TTeam.Each(Columns, new Body
        {
            X = x + row * Columns,
            Before = x + (before < 0 ? row : before) * Columns,
            After = x + (after < 0 ? row : after) * Columns,
            Y = Y.Ptr() + row * Columns,
            HasBefore = before < 0 ? 0f : 0.5f,
            HasAfter = after < 0 ? 0f : 0.5f,
        });
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly unsafe void Rows<TLanes, T>(int start, int end) where TLanes : struct, IHostTileLanes<T> where T : struct, ILane<T>
    {
        float* x = X.Ptr(), y = Y.Ptr();
        int* before = Before.Ptr() + First, after = After.Ptr() + First;
        int whole = Columns - Columns % T.Count;
        T mask = TLanes.Mask(Columns - whole);
        for (int row = start; row < end; row++)
        {
            float* own = x + row * Columns, target = y + row * Columns;
            float* left = x + (before[row] < 0 ? row : before[row]) * Columns, right = x + (after[row] < 0 ? row : after[row]) * Columns;
            T hasLeft = T.Of(before[row] < 0 ? 0f : 0.5f), hasRight = T.Of(after[row] < 0 ? 0f : 0.5f);
            for (int c = 0; c < whole; c += T.Count)
                T.Store(target, c, T.MulAdd(T.Load(right, c), hasRight, T.MulAdd(T.Load(left, c), hasLeft, T.Load(own, c))));
            T last = T.MulAdd(TLanes.Load(left + whole, mask), hasLeft, TLanes.Load(own + whole, mask));
            TLanes.Store(target + whole, T.MulAdd(TLanes.Load(right + whole, mask), hasRight, last), mask);
        }
    }

    private unsafe struct Body : IElementBody
    {
        public float* X, Before, After, Y;
        public float HasBefore, HasAfter;

        public readonly void At<T>(int i) where T : struct, ILane<T> =>
            T.Store(Y, i, T.MulAdd(T.Load(After, i), T.Of(HasAfter), T.MulAdd(T.Load(Before, i), T.Of(HasBefore), T.Load(X, i))));
    }
}
