using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace GpuNets.Kernels;

/// <summary>
/// The host form for few rows against a transposed B: both operands are contiguous in k, so that each output is a dot product and
/// nothing needs packing. A tile of up to 4 rows by 4 columns shares its loads; the lanes are added once at the end.
/// </summary>
internal static unsafe class HostDot
{
    /// <summary>c[r, j] = (load ? c[r, j] : 0) + bias[j] + sum_k a[r, k] b[j, k]; the lanes of a register are summed last.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<TLanes, T, TRows>(
        int k, float* a, nint aRow, float* b, nint bRow, float* c, nint cRow, int columns, bool load, float* bias)
        where TLanes : struct, IHostTileLanes<T> where T : struct, ILane<T> where TRows : struct, ICount
    {
        T zero = T.Of(0f);
        T s00 = zero, s01 = zero, s02 = zero, s03 = zero, s10 = zero, s11 = zero, s12 = zero, s13 = zero;
        T s20 = zero, s21 = zero, s22 = zero, s23 = zero, s30 = zero, s31 = zero, s32 = zero, s33 = zero;
        // Columns that are not there read the last one that is; their sums are not stored.
        int last = Math.Min(columns, 4) - 1;
        float* b0 = b, b1 = b + Math.Min(1, last) * bRow, b2 = b + Math.Min(2, last) * bRow, b3 = b + last * bRow;
        int i = 0;
        for (; i + T.Count <= k; i += T.Count)
        {
            T x0 = T.Load(b0 + i, 0), x1 = T.Load(b1 + i, 0), x2 = T.Load(b2 + i, 0), x3 = T.Load(b3 + i, 0);
            if (TRows.Value > 0) Row<T>(T.Load(a + i, 0), x0, x1, x2, x3, ref s00, ref s01, ref s02, ref s03);
            if (TRows.Value > 1) Row<T>(T.Load(a + aRow + i, 0), x0, x1, x2, x3, ref s10, ref s11, ref s12, ref s13);
            if (TRows.Value > 2) Row<T>(T.Load(a + 2 * aRow + i, 0), x0, x1, x2, x3, ref s20, ref s21, ref s22, ref s23);
            if (TRows.Value > 3) Row<T>(T.Load(a + 3 * aRow + i, 0), x0, x1, x2, x3, ref s30, ref s31, ref s32, ref s33);
        }
        if (i < k)
        {
            var mask = TLanes.Mask(k - i);
            T x0 = TLanes.Load(b0 + i, mask), x1 = TLanes.Load(b1 + i, mask), x2 = TLanes.Load(b2 + i, mask), x3 = TLanes.Load(b3 + i, mask);
            if (TRows.Value > 0) Row<T>(TLanes.Load(a + i, mask), x0, x1, x2, x3, ref s00, ref s01, ref s02, ref s03);
            if (TRows.Value > 1) Row<T>(TLanes.Load(a + aRow + i, mask), x0, x1, x2, x3, ref s10, ref s11, ref s12, ref s13);
            if (TRows.Value > 2) Row<T>(TLanes.Load(a + 2 * aRow + i, mask), x0, x1, x2, x3, ref s20, ref s21, ref s22, ref s23);
            if (TRows.Value > 3) Row<T>(TLanes.Load(a + 3 * aRow + i, mask), x0, x1, x2, x3, ref s30, ref s31, ref s32, ref s33);
        }
        if (TRows.Value > 0) Store(c, TLanes.Sums(s00, s01, s02, s03), columns, load, bias);
        if (TRows.Value > 1) Store(c + cRow, TLanes.Sums(s10, s11, s12, s13), columns, load, bias);
        if (TRows.Value > 2) Store(c + 2 * cRow, TLanes.Sums(s20, s21, s22, s23), columns, load, bias);
        if (TRows.Value > 3) Store(c + 3 * cRow, TLanes.Sums(s30, s31, s32, s33), columns, load, bias);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Row<T>(T x, T x0, T x1, T x2, T x3, ref T s0, ref T s1, ref T s2, ref T s3) where T : struct, ILane<T>
    {
        s0 = T.MulAdd(x, x0, s0);
        s1 = T.MulAdd(x, x1, s1);
        s2 = T.MulAdd(x, x2, s2);
        s3 = T.MulAdd(x, x3, s3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(float* c, Vector128<float> sums, int columns, bool load, float* bias)
    {
        if (columns >= 4)
        {
            if (load) sums = Vector128.Load(c) + sums;
            if (bias != null) sums += Vector128.Load(bias);
            sums.Store(c);
            return;
        }
        for (int j = 0; j < columns; j++)
        {
            float sum = sums[j];
            if (load) sum = c[j] + sum;
            c[j] = bias == null ? sum : sum + bias[j];
        }
    }
}
