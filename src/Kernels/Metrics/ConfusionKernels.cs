using ILGPU;

namespace GpuNets.Kernels;

/// <summary>
/// counts[row, label * K + prediction] = how often the pair comes in a chunk of positions; one more cell counts labels and predictions that
/// are no class. Positions with the ignored label count nowhere. One team per chunk, with counters of its own: a lone member adds plainly,
/// the threads of a group atomically, which is exact and in integers does not depend on the order.
/// </summary>
internal struct ConfusionRows : IRowKernel
{
    public ArrayView<int> Labels, Predictions, Counts;
    public int Count, Chunk, Classes, Ignored;

    public readonly unsafe void Row<TTeam>(int row) where TTeam : struct, ITeam
    {
        int cells = Classes * Classes + 1, first = row * cells, start = row * Chunk;
        int end = start + Chunk < Count ? start + Chunk : Count;
        int* counts = Counts.Ptr() + first, labels = Labels.Ptr(), predictions = Predictions.Ptr();
        for (int k = TTeam.Rank; k < cells; k += TTeam.Size) counts[k] = 0;
        TTeam.Barrier();
        for (int i = start + TTeam.Rank; i < end; i += TTeam.Size)
        {
            int label = labels[i], prediction = predictions[i];
            if (label == Ignored) continue;
            bool isClass = label >= 0 && label < Classes && prediction >= 0 && prediction < Classes;
            int cell = isClass ? label * Classes + prediction : cells - 1;
            if (TTeam.Size == 1) counts[cell]++;
            else Atomic.Add(ref Counts[first + cell], 1);
        }
    }
}

/// <summary>totals[k] += sum over rows of counts[row, k].</summary>
internal struct ConfusionTotals : IElementKernel
{
    public ArrayView<int> Counts, Totals;
    public int Rows, Cells;

    public readonly unsafe void Run<TLoop>(TLoop loop) where TLoop : struct, ILoop =>
        loop.Each(new Body { Counts = Counts.Ptr(), Totals = Totals.Ptr(), Rows = Rows, Cells = Cells });

    private unsafe struct Body : IElementBody
    {
        public int* Counts, Totals;
        public int Rows, Cells;

        public readonly void At<T>(int i) where T : struct, ILane<T>
        {
            for (int k = i; k < i + T.Count; k++)
            {
                int sum = Totals[k];
                for (int row = 0; row < Rows; row++) sum += Counts[row * Cells + k];
                Totals[k] = sum;
            }
        }
    }
}
