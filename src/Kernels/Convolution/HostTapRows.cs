using System.Runtime.CompilerServices;

namespace GpuNets.Kernels;

/// <summary>
/// One output channel over some rows of the grid: a depthwise convolution. A register tile of one channel would be a call for every two
/// registers; here one call goes over all rows, four registers at a time.
/// </summary>
internal static unsafe class HostTapRows
{
    /// <summary>c[r, j] = (load ? c[r, j] : 0) + sum_i w[i] b[offsets[i] + r bRow + j] for r below rows and j below columns, i ascending.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Run<TLanes, T>(int k, float* w, float* b, nint bRow, int* offsets, float* c, nint cRow, int rows, int columns, bool load)
        where TLanes : struct, IHostTileLanes<T> where T : struct, ILane<T>
    {
        int rest = columns % (4 * T.Count);
        T m0 = TLanes.Mask(rest), m1 = TLanes.Mask(rest - T.Count), m2 = TLanes.Mask(rest - 2 * T.Count), m3 = TLanes.Mask(rest - 3 * T.Count);
        for (int r = 0; r < rows; r++, b += bRow, c += cRow)
        {
            int j = 0;
            for (; j + 4 * T.Count <= columns; j += 4 * T.Count)
            {
                T s0 = T.Of(0f), s1 = s0, s2 = s0, s3 = s0;
                for (int i = 0; i < k; i++)
                {
                    float* from = b + offsets[i] + j;
                    var x = T.Of(w[i]);
                    s0 = T.MulAdd(x, T.Load(from, 0), s0);
                    s1 = T.MulAdd(x, T.Load(from, T.Count), s1);
                    s2 = T.MulAdd(x, T.Load(from, 2 * T.Count), s2);
                    s3 = T.MulAdd(x, T.Load(from, 3 * T.Count), s3);
                }
                if (load)
                {
                    s0 = T.Load(c, j) + s0;
                    s1 = T.Load(c, j + T.Count) + s1;
                    s2 = T.Load(c, j + 2 * T.Count) + s2;
                    s3 = T.Load(c, j + 3 * T.Count) + s3;
                }
                T.Store(c, j, s0);
                T.Store(c, j + T.Count, s1);
                T.Store(c, j + 2 * T.Count, s2);
                T.Store(c, j + 3 * T.Count, s3);
            }
            if (j < columns) Rest<TLanes, T>(k, w, b + j, offsets, c + j, m0, m1, m2, m3, load);
        }
    }

    // Fewer than four whole registers, all under masks: their sums do not wait for each other.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Rest<TLanes, T>(int k, float* w, float* b, int* offsets, float* c, T m0, T m1, T m2, T m3, bool load)
        where TLanes : struct, IHostTileLanes<T> where T : struct, ILane<T>
    {
        T s0 = T.Of(0f), s1 = s0, s2 = s0, s3 = s0;
        for (int i = 0; i < k; i++)
        {
            float* from = b + offsets[i];
            var x = T.Of(w[i]);
            s0 = T.MulAdd(x, TLanes.Load(from, m0), s0);
            s1 = T.MulAdd(x, TLanes.Load(from + T.Count, m1), s1);
            s2 = T.MulAdd(x, TLanes.Load(from + 2 * T.Count, m2), s2);
            s3 = T.MulAdd(x, TLanes.Load(from + 3 * T.Count, m3), s3);
        }
        Store<TLanes, T>(c, s0, m0, load);
        Store<TLanes, T>(c + T.Count, s1, m1, load);
        Store<TLanes, T>(c + 2 * T.Count, s2, m2, load);
        Store<TLanes, T>(c + 3 * T.Count, s3, m3, load);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<TLanes, T>(float* c, T sum, T mask, bool load) where TLanes : struct, IHostTileLanes<T> where T : struct, ILane<T> =>
        TLanes.Store(c, load ? TLanes.Load(c, mask) + sum : sum, mask);
}
