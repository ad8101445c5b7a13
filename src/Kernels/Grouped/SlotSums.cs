using ILGPU;

namespace GpuNets.Kernels;

/// <summary>
/// total[g] (+)= sum of partial[slot] over the slots of group g in ascending order; a row is a row of one of the matrices. Empty slots hold
/// nothing and are left out.
/// </summary>
internal struct SlotSums<TStore> : IRowKernel where TStore : struct, IStore
{
    /// <summary>[slot][row][column] and [group][row][column].</summary>
    public ArrayView<float> Partial, Total;
    public GroupedRows Rows;
    public int MatrixRows, Columns, Shift;

    public readonly unsafe void Row<TTeam>(int row) where TTeam : struct, ITeam
    {
        int group = row / MatrixRows, begin = Rows.Starts[group], end = Rows.Starts[group + 1], step = MatrixRows * Columns;
        int slot = (begin >> Shift) + group;
        TTeam.Each(Columns, new Body
        {
            Partial = Partial.Ptr() + (slot * step + (row - group * MatrixRows) * Columns),
            Total = Total.Ptr() + row * Columns,
            Step = step,
            Slots = (end - begin + (1 << Shift) - 1) >> Shift,
        });
    }

    private unsafe struct Body : IElementBody
    {
        public float* Partial, Total;
        public int Step, Slots;

        public readonly void At<T>(int i) where T : struct, ILane<T>
        {
            T sum = T.Of(0f);
            for (int slot = 0; slot < Slots; slot++) sum += T.Load(Partial, i + slot * Step);
            TStore.To(Total, i, sum);
        }
    }
}

/// <summary>Where slots begin, and at the end the number of entries: the slots as groups of their own.</summary>
internal struct SlotStarts : IElementKernel
{
    public ArrayView<int> Target;
    public GroupedRows Rows;
    public int Shift;

    public readonly void Run<TLoop>(TLoop loop) where TLoop : struct, ILoop => loop.Each(new Slot { Arguments = this });

    private struct Slot : IElementBody
    {
        public SlotStarts Arguments;

        public readonly void At<T>(int i) where T : struct, ILane<T>
        {
            for (int lane = 0; lane < T.Count; lane++) Arguments.Target[i + lane] = Arguments.Rows.Slot(i + lane, Arguments.Shift).First;
        }
    }
}
