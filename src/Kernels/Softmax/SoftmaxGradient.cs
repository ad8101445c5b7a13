using System.Runtime.CompilerServices;
using ILGPU;

namespace GpuNets.Kernels;

/// <summary>Gradient of the row softmax: dx[r, c] = y[r, c] (dy[r, c] - sum_k y[r, k] dy[r, k]).</summary>
internal struct SoftmaxBackward : IRowKernel, IHostRows
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

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly unsafe void Rows<TLanes, T>(int start, int end) where TLanes : struct, IHostTileLanes<T> where T : struct, ILane<T>
    {
        int whole = Columns - Columns % T.Count;
        T mask = TLanes.Mask(Columns - whole);
        float* y = Y.Ptr() + start * Columns, dy = DY.Ptr() + start * Columns, dx = DX.Ptr() + start * Columns;
        for (int row = start; row < end; row++, y += Columns, dy += Columns, dx += Columns)
        {
            T lastY = TLanes.Load(y + whole, mask), lastDY = TLanes.Load(dy + whole, mask);
            T a = lastY * lastDY, b = T.Of(0f);
            int i = 0;
            for (; i + 2 * T.Count <= whole; i += 2 * T.Count)
            {
                a += T.Load(y, i) * T.Load(dy, i);
                b += T.Load(y, i + T.Count) * T.Load(dy, i + T.Count);
            }
            if (i < whole) b += T.Load(y, i) * T.Load(dy, i);
            T dot = T.Of(T.Sum(a + b));
            for (i = 0; i < whole; i += T.Count) T.Store(dx, i, T.Load(y, i) * (T.Load(dy, i) - dot));
            TLanes.Store(dx + whole, lastY * (lastDY - dot), mask);
        }
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
