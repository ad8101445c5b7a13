using System.Buffers;
using ILGPU;

namespace GpuNets.Kernels;

/// <summary>
/// The k first values of each row and their indices, sorted, see <see cref="TopKOrder"/>. One team per row. The last selected value is found
/// bit by bit: its key is the largest with at least k values at or above it, so that 32 counts over the row settle it, whatever k. Then
/// members gather what lies above from ranges of their own, in the order of indices, and ties until there are k. What lies above
/// is merged pairwise into sorted runs, from one buffer to the other and back.
/// </summary>
/// <remarks>Counts are floats, exact up to 2^24 columns.</remarks>
[LargeKernel]
internal struct TopKForward : IRowKernel, IHostRows
{
    /// <summary>Most members of a team.</summary>
    public const int MostMembers = GroupThreads.MaxSize;

    /// <summary>Columns that a lone member skips at once.</summary>
    private const int Block = 256;

    public ArrayView<float> X, Values, SpareValues;
    public ArrayView<int> Indices, SpareIndices;

    /// <summary>Per row: values above and ties in the range of each member.</summary>
    public ArrayView<int> Found;

    public int Columns, K, Largest;
    public float Sign;

    public readonly unsafe void Row<TTeam>(int row) where TTeam : struct, ITeam
    {
        float* x = X.Ptr() + row * Columns;
        int* found = Found.Ptr() + row * (2 * MostMembers);
        int nan = (int)TTeam.Sum(Columns, new TopKNaN { X = x });
        var order = new TopKOrder { Sign = Sign, Largest = Largest, Threshold = float.NaN };
        int numbers = Columns - nan, wanted = Largest != 0 ? K - nan : K, above = Largest != 0 ? 0 : numbers;
        if (wanted > 0 && wanted <= numbers)
        {
            float threshold = Find<TTeam>(x, numbers, wanted);
            order.Threshold = threshold * Sign;
            above = (int)TTeam.Sum(Columns, new TopKCount { X = x, Sign = Sign, Threshold = threshold, Equal = 0f });
            if (Largest != 0) above += nan;
        }
        // An even number of merges ends where it began.
        int merges = 0;
        while (1 << merges < above) merges++;
        float* values = Values.Ptr() + row * K, spareValues = SpareValues.Ptr() + row * K;
        int* indices = Indices.Ptr() + row * K, spareIndices = SpareIndices.Ptr() + row * K;
        bool even = (merges & 1) == 0;
        Gather<TTeam>(x, order, nan, above, found, even ? values : spareValues, even ? indices : spareIndices, values, indices);
        for (int m = 0; m < merges; m++)
        {
            TTeam.Barrier();
            bool toOutput = ((merges - m) & 1) == 1;
            TTeam.Each(above, new TopKMerge
            {
                Order = order,
                FromValues = toOutput ? spareValues : values,
                FromIndices = toOutput ? spareIndices : indices,
                ToValues = toOutput ? values : spareValues,
                ToIndices = toOutput ? indices : spareIndices,
                Run = 1 << m,
                Count = above,
            });
        }
    }

    public readonly unsafe void Rows<TLanes, T>(int start, int end) where TLanes : struct, IHostTileLanes<T> where T : struct, ILane<T>
    {
        int length = HostTopK<TLanes, T>.Room(Columns, K);
        ulong[] room = ArrayPool<ulong>.Shared.Rent(length);
        var selection = new HostTopK<TLanes, T>(Largest != 0, K, room.AsSpan(0, length));
        for (int row = start; row < end; row++)
            selection.Run(X.Ptr() + row * Columns, Columns, Values.Ptr() + row * K, Indices.Ptr() + row * K);
        ArrayPool<ulong>.Shared.Return(room);
    }

    // The largest threshold with at least so many numbers, times the sign, at or above it.
    private readonly unsafe float Find<TTeam>(float* x, int numbers, int wanted) where TTeam : struct, ITeam
    {
        const uint highest = 0xFF800000u, lowest = 0x007FFFFFu;   // keys of the infinities
        uint key = 0u;
        for (int bit = 31; bit >= 0; bit--)
        {
            uint candidate = key | (1u << bit);
            int count = numbers;
            if (candidate > highest) count = 0;
            else if (candidate > lowest)
                count = (int)TTeam.Sum(Columns, new TopKCount { X = x, Sign = Sign, Threshold = TopKOrder.OfKey(candidate), Equal = 1f });
            if (count >= wanted) key = candidate;
        }
        return TopKOrder.OfKey(key);
    }

    private readonly unsafe void Gather<TTeam>(
        float* x, TopKOrder order, int nan, int above, int* found, float* aboveValues, int* aboveIndices, float* tieValues, int* tieIndices) where TTeam : struct, ITeam
    {
        int range = (Columns + TTeam.Size - 1) / TTeam.Size, start = TTeam.Rank * range;
        int end = start + range < Columns ? start + range : Columns;
        int toAbove = 0, toTie = above;
        if (TTeam.Size > 1)
        {
            int ownAbove = 0, ownTies = 0;
            for (int c = start; c < end; c++)
            {
                if (order.Above(x[c])) ownAbove++;
                else if (order.Ties(x[c])) ownTies++;
            }
            found[2 * TTeam.Rank] = ownAbove;
            found[2 * TTeam.Rank + 1] = ownTies;
            TTeam.Barrier();
            for (int member = 0; member < TTeam.Rank; member++)
            {
                toAbove += found[2 * member];
                toTie += found[2 * member + 1];
            }
        }
        // A lone member skips what holds nothing, a block at a time in vector code. NaN counts as nothing there: with one, every block is looked at.
        int block = TTeam.Size == 1 && nan == 0 ? Block : end - start;
        for (int from = start; from < end; from += block)
        {
            int n = end - from < block ? end - from : block;
            if (TTeam.Size == 1 && nan == 0 && (int)TTeam.Sum(n, new TopKCount { X = x + from, Sign = Sign, Threshold = order.Threshold * Sign, Equal = 1f }) == 0)
                continue;
            Take(x, from, from + n, order, ref toAbove, ref toTie, aboveValues, aboveIndices, tieValues, tieIndices);
        }
    }

    private readonly unsafe void Take(
        float* x, int start, int end, TopKOrder order, ref int toAbove, ref int toTie, float* aboveValues, int* aboveIndices, float* tieValues, int* tieIndices)
    {
        for (int c = start; c < end; c++)
        {
            if (order.Above(x[c]))
            {
                aboveValues[toAbove] = x[c];
                aboveIndices[toAbove] = c;
                toAbove++;
            }
            else if (toTie < K && order.Ties(x[c]))
            {
                tieValues[toTie] = x[c];
                tieIndices[toTie] = c;
                toTie++;
            }
        }
    }
}

/// <summary>Merges sorted runs pairwise: the place of a value is its own in its run plus the number in the other run that come before it.</summary>
internal unsafe struct TopKMerge : IElementBody
{
    public TopKOrder Order;
    public float* FromValues, ToValues;
    public int* FromIndices, ToIndices;
    public int Run, Count;

    public readonly void At<T>(int i) where T : struct, ILane<T>
    {
        for (int k = i; k < i + T.Count; k++) Place(k);
    }

    private readonly void Place(int k)
    {
        float value = FromValues[k];
        int index = FromIndices[k], run = k / Run, other = (run ^ 1) * Run;
        int low = other < Count ? other : Count, first = low, end = other + Run < Count ? other + Run : Count;
        int high = end > low ? end : low;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (Order.Before(FromValues[middle], FromIndices[middle], value, index)) low = middle + 1;
            else high = middle;
        }
        int to = (run & ~1) * Run + (k - run * Run) + (low - first);
        ToValues[to] = value;
        ToIndices[to] = index;
    }
}

/// <summary>dx[row, index[row, j]] += dy[row, j]: the indices of a row differ.</summary>
internal struct TopKBackward : IElementKernel
{
    public ArrayView<float> DY, DX;
    public ArrayView<int> Indices;
    public StridedAxis K;
    public int Columns;

    public readonly unsafe void Run<TLoop>(TLoop loop) where TLoop : struct, ILoop =>
        loop.Each(new Body { DY = DY.Ptr(), DX = DX.Ptr(), Indices = Indices.Ptr(), K = K, Columns = Columns });

    private unsafe struct Body : IElementBody
    {
        public float* DY, DX;
        public int* Indices;
        public StridedAxis K;
        public int Columns;

        public readonly void At<T>(int i) where T : struct, ILane<T>
        {
            for (int lane = i; lane < i + T.Count; lane++) DX[K.Divide(lane) * Columns + Indices[lane]] += DY[lane];
        }
    }
}
