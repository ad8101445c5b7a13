using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace GpuNets.Kernels;

/// <summary>
/// Segment sums on the host: four registers of columns are summed over all entries of a segment before they are stored, and the rows of
/// entries to come are fetched ahead, since they lie anywhere in memory.
/// </summary>
internal static unsafe class HostSegmentSum
{
    private const int Ahead = 12;   // rows; 8 to 16 are alike, none at all costs a fifth
    private const int Line = 16;    // floats of a cache line

    public static void Run<TStore, TWeight>(HostWorkers workers, in SegmentSumArguments arguments, int rows, float nanosecondsEach)
        where TStore : struct, IStore where TWeight : struct, IEdgeWeight
    {
        // Segments differ in length: several parts per core even that out.
        int parts = rows * nanosecondsEach < HostLaunch.ParallelThreshold ? 1 : Math.Min(rows, 8 * workers.Count);
        workers.Run(parts, new Job<TStore, TWeight>(arguments, rows, parts));
    }

    private readonly struct Job<TStore, TWeight>(SegmentSumArguments arguments, int rows, int parts) : IHostJob
        where TStore : struct, IStore where TWeight : struct, IEdgeWeight
    {
        public void Part(int index)
        {
            int first = (int)((long)rows * index / parts), end = (int)((long)rows * (index + 1) / parts);
            if (Vector512.IsHardwareAccelerated) Range<Tile512, Lane512, TStore, TWeight>(arguments, first, end);
            else Range<Tile256, Lane256, TStore, TWeight>(arguments, first, end);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Range<TLanes, T, TStore, TWeight>(in SegmentSumArguments arguments, int first, int end)
        where TLanes : struct, IHostTileLanes<T> where T : struct, ILane<T> where TStore : struct, IStore where TWeight : struct, IEdgeWeight
    {
        int width = arguments.Width;
        for (int row = first; row < end; row++)
        {
            var at = arguments.At(row);
            int c = 0;
            for (; c + 4 * T.Count <= width; c += 4 * T.Count) Quad<T, TStore, TWeight>(at, c);
            if (!TWeight.PerColumn)
            {
                for (; c < width; c += 2 * T.Count) Pair<TLanes, T, TStore, TWeight>(at, c, width - c);
                continue;
            }
            var column = new SegmentColumn<TStore, TWeight> { Row = at };
            for (; c + T.Count <= width; c += T.Count) column.At<T>(c);
            if (T.Count > 8 && c + 8 <= width) { column.At<Lane256>(c); c += 8; }
            if (T.Count > 4 && c + 4 <= width) { column.At<Lane128>(c); c += 4; }
            for (; c < width; c++) column.At<Scalar>(c);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Quad<T, TStore, TWeight>(in SegmentSumRow row, int c)
        where T : struct, ILane<T> where TStore : struct, IStore where TWeight : struct, IEdgeWeight
    {
        float* x = row.X + c, w = row.W;
        int* rows = row.Rows, edges = row.Edges;
        int stride = row.Stride, wStride = row.WStride, count = row.Count, rest = row.Rest;
        T a = T.Of(0f), b = a, d = a, e = a;
        for (int k = 0; k < count; k++)
        {
            // Beyond the segment lie the entries of the next one, which this thread most often sums next.
            if (k + Ahead < rest) Fetch(x + rows[k + Ahead] * stride, 4 * T.Count);
            float* from = x + rows[k] * stride;
            int at = edges[k] * wStride;
            a = TWeight.Add(w, at, c, T.Load(from, 0), a);
            b = TWeight.Add(w, at, c + T.Count, T.Load(from, T.Count), b);
            d = TWeight.Add(w, at, c + 2 * T.Count, T.Load(from, 2 * T.Count), d);
            e = TWeight.Add(w, at, c + 3 * T.Count, T.Load(from, 3 * T.Count), e);
        }
        T factor = T.Of(row.Factor);
        TStore.To(row.Y, c, a * factor);
        TStore.To(row.Y, c + T.Count, b * factor);
        TStore.To(row.Y, c + 2 * T.Count, d * factor);
        TStore.To(row.Y, c + 3 * T.Count, e * factor);
    }

    // Two registers of columns or what is left of them, under masks: 21 columns take one pass over the entries, and
    // a lattice filter of them 2.7 ms instead of 5.1.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Pair<TLanes, T, TStore, TWeight>(in SegmentSumRow row, int c, int columns)
        where TLanes : struct, IHostTileLanes<T> where T : struct, ILane<T> where TStore : struct, IStore where TWeight : struct, IEdgeWeight
    {
        float* x = row.X + c, y = row.Y + c, w = row.W;
        int* rows = row.Rows, edges = row.Edges;
        int stride = row.Stride, wStride = row.WStride, count = row.Count;
        T first = TLanes.Mask(columns), second = TLanes.Mask(columns - T.Count), a = T.Of(0f), b = a;
        if (columns <= T.Count)
        {
            for (int k = 0; k < count; k++) a = TWeight.Add(w, edges[k] * wStride, c, TLanes.Load(x + rows[k] * stride, first), a);
        }
        else
        {
            for (int k = 0; k < count; k++)
            {
                float* from = x + rows[k] * stride;
                int at = edges[k] * wStride;
                a = TWeight.Add(w, at, c, T.Load(from, 0), a);
                b = TWeight.Add(w, at, c, TLanes.Load(from + T.Count, second), b);
            }
        }
        T factor = T.Of(row.Factor);
        Put<TLanes, T, TStore>(y, a * factor, first);
        if (columns > T.Count) Put<TLanes, T, TStore>(y + T.Count, b * factor, second);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put<TLanes, T, TStore>(float* y, T value, T mask)
        where TLanes : struct, IHostTileLanes<T> where T : struct, ILane<T> where TStore : struct, IStore
    {
        if (typeof(TStore) == typeof(Accumulate)) value = TLanes.Load(y, mask) + value;
        TLanes.Store(y, value, mask);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Fetch(float* from, int count)
    {
        if (!Sse.IsSupported) return;
        for (int i = 0; i < count; i += Line) Sse.Prefetch0(from + i);
    }
}
