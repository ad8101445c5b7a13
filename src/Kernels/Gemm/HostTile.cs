using System.Runtime.CompilerServices;

namespace GpuNets.Kernels;

/// <summary>
/// The host register tile: up to 12 rows by two registers of columns, kept in registers over the whole k loop. Per k it loads two
/// vectors of B and broadcasts one float of A per row, so that it does two multiply-adds per broadcast.
/// A is read through any row and k step (in place, transposed or packed); the columns of B must be contiguous, and its rows lie at even
/// steps or where a table says.
/// </summary>
internal static unsafe class HostTile
{
    /// <summary>c[r, j] = (load ? c[r, j] : 0) + bias[j] + sum_k a[r, k] b[k, j] for the rows and columns of the tile, k ascending.</summary>
    /// <remarks><paramref name="bSteps"/>: where the rows of b lie, for a walk that takes them from a table; else it is not read.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<TLanes, T, TRows, TColumns, TWalk>(
        int k, float* a, nint aRow, nint aStep, float* b, nint bStep, int* bSteps, float* c, nint cRow, int columns, bool load, float* bias)
        where TLanes : struct, IHostTileLanes<T> where T : struct, ILane<T> where TRows : struct, ICount where TColumns : struct, ITileColumns
        where TWalk : struct, ITileWalk
    {
        // Low and high half of each row. Named locals, because the JIT keeps no array in registers.
        T zero = T.Of(0f);
        T l0 = zero, l1 = zero, l2 = zero, l3 = zero, l4 = zero, l5 = zero, l6 = zero, l7 = zero, l8 = zero, l9 = zero, l10 = zero, l11 = zero;
        T h0 = zero, h1 = zero, h2 = zero, h3 = zero, h4 = zero, h5 = zero, h6 = zero, h7 = zero, h8 = zero, h9 = zero, h10 = zero, h11 = zero;
        T lowMask = default, highMask = default;
        if (TColumns.Masked)
        {
            lowMask = TLanes.Mask(columns);
            highMask = TLanes.Mask(columns - T.Count);
        }
        // One pointer per three rows: the others are reached by the address modes base + step and base + 2 * step.
        float* a0 = a, a3 = a + 3 * aRow, a6 = a + 6 * aRow, a9 = a + 9 * aRow;
        for (int i = 0; i < k; i++)
        {
            float* row = TWalk.HasTable ? b + bSteps[i] : b;
            T low = Load<TLanes, T, TColumns>(row, lowMask), high = default;
            if (TColumns.Registers > 1) high = Load<TLanes, T, TColumns>(row + T.Count, highMask);
            if (TRows.Value > 0) Row<T, TColumns>(a0, low, high, ref l0, ref h0);
            if (TRows.Value > 1) Row<T, TColumns>(a0 + aRow, low, high, ref l1, ref h1);
            if (TRows.Value > 2) Row<T, TColumns>(a0 + 2 * aRow, low, high, ref l2, ref h2);
            if (TRows.Value > 3) Row<T, TColumns>(a3, low, high, ref l3, ref h3);
            if (TRows.Value > 4) Row<T, TColumns>(a3 + aRow, low, high, ref l4, ref h4);
            if (TRows.Value > 5) Row<T, TColumns>(a3 + 2 * aRow, low, high, ref l5, ref h5);
            if (TRows.Value > 6) Row<T, TColumns>(a6, low, high, ref l6, ref h6);
            if (TRows.Value > 7) Row<T, TColumns>(a6 + aRow, low, high, ref l7, ref h7);
            if (TRows.Value > 8) Row<T, TColumns>(a6 + 2 * aRow, low, high, ref l8, ref h8);
            if (TRows.Value > 9) Row<T, TColumns>(a9, low, high, ref l9, ref h9);
            if (TRows.Value > 10) Row<T, TColumns>(a9 + aRow, low, high, ref l10, ref h10);
            if (TRows.Value > 11) Row<T, TColumns>(a9 + 2 * aRow, low, high, ref l11, ref h11);
            if (!TWalk.HasTable) b += bStep;
            a0 += aStep;
            if (TRows.Value > 3) a3 += aStep;
            if (TRows.Value > 6) a6 += aStep;
            if (TRows.Value > 9) a9 += aStep;
        }
        if (TRows.Value > 0) Finish<TLanes, T, TColumns>(c, l0, h0, lowMask, highMask, load, bias);
        if (TRows.Value > 1) Finish<TLanes, T, TColumns>(c + cRow, l1, h1, lowMask, highMask, load, bias);
        if (TRows.Value > 2) Finish<TLanes, T, TColumns>(c + 2 * cRow, l2, h2, lowMask, highMask, load, bias);
        if (TRows.Value > 3) Finish<TLanes, T, TColumns>(c + 3 * cRow, l3, h3, lowMask, highMask, load, bias);
        if (TRows.Value > 4) Finish<TLanes, T, TColumns>(c + 4 * cRow, l4, h4, lowMask, highMask, load, bias);
        if (TRows.Value > 5) Finish<TLanes, T, TColumns>(c + 5 * cRow, l5, h5, lowMask, highMask, load, bias);
        if (TRows.Value > 6) Finish<TLanes, T, TColumns>(c + 6 * cRow, l6, h6, lowMask, highMask, load, bias);
        if (TRows.Value > 7) Finish<TLanes, T, TColumns>(c + 7 * cRow, l7, h7, lowMask, highMask, load, bias);
        if (TRows.Value > 8) Finish<TLanes, T, TColumns>(c + 8 * cRow, l8, h8, lowMask, highMask, load, bias);
        if (TRows.Value > 9) Finish<TLanes, T, TColumns>(c + 9 * cRow, l9, h9, lowMask, highMask, load, bias);
        if (TRows.Value > 10) Finish<TLanes, T, TColumns>(c + 10 * cRow, l10, h10, lowMask, highMask, load, bias);
        if (TRows.Value > 11) Finish<TLanes, T, TColumns>(c + 11 * cRow, l11, h11, lowMask, highMask, load, bias);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Load<TLanes, T, TColumns>(float* from, T mask)
        where TLanes : struct, IHostTileLanes<T> where T : struct, ILane<T> where TColumns : struct, ITileColumns =>
        TColumns.Masked ? TLanes.Load(from, mask) : T.Load(from, 0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Row<T, TColumns>(float* a, T low, T high, ref T sumLow, ref T sumHigh)
        where T : struct, ILane<T> where TColumns : struct, ITileColumns
    {
        // Read here, not by the caller: only so the JIT loads and spreads in one instruction. Two keep Intel's second unit for vectors from its products.
        var x = T.Of(*a);
        sumLow = T.MulAdd(x, low, sumLow);
        if (TColumns.Registers > 1) sumHigh = T.MulAdd(x, high, sumHigh);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Finish<TLanes, T, TColumns>(
        float* c, T low, T high, T lowMask, T highMask, bool load, float* bias)
        where TLanes : struct, IHostTileLanes<T> where T : struct, ILane<T> where TColumns : struct, ITileColumns
    {
        Store<TLanes, T, TColumns>(c, low, lowMask, load, bias);
        if (TColumns.Registers > 1)
            Store<TLanes, T, TColumns>(c + T.Count, high, highMask, load, bias == null ? null : bias + T.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<TLanes, T, TColumns>(float* c, T sum, T mask, bool load, float* bias)
        where TLanes : struct, IHostTileLanes<T> where T : struct, ILane<T> where TColumns : struct, ITileColumns
    {
        if (load) sum = Load<TLanes, T, TColumns>(c, mask) + sum;
        if (bias != null) sum += Load<TLanes, T, TColumns>(bias, mask);
        if (TColumns.Masked) TLanes.Store(c, sum, mask);
        else T.Store(c, 0, sum);
    }
}
