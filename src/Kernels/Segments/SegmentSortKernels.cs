using ILGPU;

namespace GpuNets.Kernels;

/// <summary>
/// One digit of a stable radix sort of (key, row) pairs. Every thread owns a chunk of neighbouring pairs: it counts its digits, and after
/// the counts of all chunks are summed up [digit][chunk], it moves its pairs one by one to their places. The order of equal digits is
/// kept, nothing depends on timing, and the sorted order is the same for any number of chunks.
/// </summary>
internal struct SegmentSortCount : IElementKernel
{
    public ArrayView<int> Keys, Counts;
    public int Count, Chunk, Chunks, Shift;

    public readonly unsafe void Run<TLoop>(TLoop loop) where TLoop : struct, ILoop =>
        loop.Each(new Body { Keys = Keys.Ptr(), Counts = Counts.Ptr(), Count = Count, Chunk = Chunk, Chunks = Chunks, Shift = Shift });

    private unsafe struct Body : IElementBody
    {
        public int* Keys, Counts;
        public int Count, Chunk, Chunks, Shift;

        public readonly void At<T>(int i) where T : struct, ILane<T>
        {
            for (int chunk = i; chunk < i + T.Count; chunk++)
            {
                for (int d = 0; d < SegmentSort.Digits; d++) Counts[d * Chunks + chunk] = 0;
                int end = chunk * Chunk + Chunk < Count ? chunk * Chunk + Chunk : Count;
                for (int k = chunk * Chunk; k < end; k++) Counts[((Keys[k] >> Shift) & (SegmentSort.Digits - 1)) * Chunks + chunk]++;
            }
        }
    }
}

/// <summary>Moves the pairs of a chunk to their places, see <see cref="SegmentSortCount"/>; the first pass makes the rows up.</summary>
internal struct SegmentSortMove : IElementKernel
{
    public ArrayView<int> Keys, Rows, Offsets, SortedKeys, SortedRows;
    public int Count, Chunk, Chunks, Shift, First;

    public readonly unsafe void Run<TLoop>(TLoop loop) where TLoop : struct, ILoop => loop.Each(new Body
    {
        Keys = Keys.Ptr(),
        Rows = Rows.Ptr(),
        Offsets = Offsets.Ptr(),
        SortedKeys = SortedKeys.Ptr(),
        SortedRows = SortedRows.Ptr(),
        Count = Count,
        Chunk = Chunk,
        Chunks = Chunks,
        Shift = Shift,
        First = First,
    });

    private unsafe struct Body : IElementBody
    {
        public int* Keys, Rows, Offsets, SortedKeys, SortedRows;
        public int Count, Chunk, Chunks, Shift, First;

        public readonly void At<T>(int i) where T : struct, ILane<T>
        {
            for (int chunk = i; chunk < i + T.Count; chunk++)
            {
                int end = chunk * Chunk + Chunk < Count ? chunk * Chunk + Chunk : Count;
                for (int k = chunk * Chunk; k < end; k++)
                {
                    int at = ((Keys[k] >> Shift) & (SegmentSort.Digits - 1)) * Chunks + chunk;
                    int to = Offsets[at];
                    Offsets[at] = to + 1;
                    SortedKeys[to] = Keys[k];
                    SortedRows[to] = First != 0 ? k : Rows[k];
                }
            }
        }
    }
}

/// <summary>
/// Running sums of counts, each without its own count: a thread per slice sums it up (Phase 0), one thread sums up the slices (Phase 1),
/// and each thread goes over its slice again (Phase 2).
/// </summary>
/// <remarks>Not in place: ILGPU moves the load of a value behind the store that replaces it (all sums were 0 on PoCL).</remarks>
internal struct SegmentSortScan : IElementKernel
{
    public ArrayView<int> Counts, Offsets, Sums, Starts;
    public int Count, Slice, Slices, Phase;

    public readonly unsafe void Run<TLoop>(TLoop loop) where TLoop : struct, ILoop => loop.Each(new Body
    {
        Counts = Counts.Ptr(),
        Offsets = Offsets.Ptr(),
        Sums = Sums.Ptr(),
        Starts = Starts.Ptr(),
        Count = Count,
        Slice = Slice,
        Slices = Slices,
        Phase = Phase,
    });

    private unsafe struct Body : IElementBody
    {
        public int* Counts, Offsets, Sums, Starts;
        public int Count, Slice, Slices, Phase;

        public readonly void At<T>(int i) where T : struct, ILane<T>
        {
            for (int slice = i; slice < i + T.Count; slice++)
            {
                int start = slice * Slice, end = start + Slice < Count ? start + Slice : Count;
                if (Phase == 0)
                {
                    int sum = 0;
                    for (int k = start; k < end; k++) sum += Counts[k];
                    Sums[slice] = sum;
                }
                else if (Phase == 1)
                {
                    Running(Sums, Starts, 0, Slices, 0);
                }
                else
                {
                    Running(Counts, Offsets, start, end, Starts[slice]);
                }
            }
        }

        private static void Running(int* values, int* sums, int start, int end, int sum)
        {
            for (int k = start; k < end; k++)
            {
                sums[k] = sum;
                sum += values[k];
            }
        }
    }
}

/// <summary>Starts of segments from sorted keys: entry k begins all segments after that of entry k - 1 up to its own.</summary>
internal struct SegmentSortStarts : IElementKernel
{
    public ArrayView<int> Keys, Starts;

    /// <summary>Entries and segments; one element more than entries, which ends the last segment.</summary>
    public int Count, Segments;

    public readonly unsafe void Run<TLoop>(TLoop loop) where TLoop : struct, ILoop =>
        loop.Each(new Body { Keys = Keys.Ptr(), Starts = Starts.Ptr(), Count = Count, Segments = Segments });

    private unsafe struct Body : IElementBody
    {
        public int* Keys, Starts;
        public int Count, Segments;

        public readonly void At<T>(int i) where T : struct, ILane<T>
        {
            for (int k = i; k < i + T.Count; k++)
            {
                int from = 0, to = Segments;
                if (k > 0) from = Keys[k - 1] + 1;
                if (k < Count) to = Keys[k];
                for (int s = from; s <= to; s++) Starts[s] = k;
            }
        }
    }
}

/// <summary>y[ids[row], c] += x[row, c] with float atomics: the order of additions, and so the last bits, change from run to run.</summary>
internal struct AtomicScatter : IElementKernel
{
    public ArrayView<float> X, Y;
    public ArrayView<int> Ids;
    public StridedAxis Columns;

    public readonly unsafe void Run<TLoop>(TLoop loop) where TLoop : struct, ILoop =>
        loop.Each(new Body { X = X.Ptr(), Y = Y, Ids = Ids.Ptr(), Columns = Columns });

    private unsafe struct Body : IElementBody
    {
        public float* X;
        public ArrayView<float> Y;
        public int* Ids;
        public StridedAxis Columns;

        public readonly void At<T>(int i) where T : struct, ILane<T>
        {
            for (int lane = i; lane < i + T.Count; lane++)
            {
                int row = Columns.Divide(lane);
                Atomic.Add(ref Y[Ids[row] * Columns.Size + lane - row * Columns.Size], X[lane]);
            }
        }
    }
}
