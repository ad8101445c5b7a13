using ILGPU;

namespace GpuNets.Kernels;

/// <summary>
/// Backward pass of <see cref="TeamForward{TCell, TRows}"/> in one launch, by the same groups: a step is the cell's gradient, a barrier, the
/// product of the gates' gradients with W_hh from shared memory, a barrier. The gates become the gradients of the weighted inputs.
/// </summary>
[LargeKernel]
internal struct TeamBackward<TCell, TRows, TOutput> : IGroupKernel
    where TCell : struct, IRecurrentCell where TRows : struct, ITeamRows where TOutput : struct, IOutputGradient
{
    public TeamDirection First, Second;
    public ArrayView<float> OutputGradient;
    public ArrayView<int> Lengths;
    public TeamSequence Sequence;

    /// <inheritdoc cref="TeamForward{TCell, TRows}.Run"/>
    public readonly void Run(int group)
    {
        if (group < Sequence.Groups) Steps(First, group * TRows.Count);
        else Steps(Second, (group - Sequence.Groups) * TRows.Count);
    }

    private readonly unsafe void Steps(TeamDirection at, int row)
    {
        TeamSequence z = Sequence;
        int units = z.Units, state = z.Batch * units, rows = z.Batch - row < TRows.Count ? z.Batch - row : TRows.Count;
        var quads = SharedMemory.GetDynamic<Float4>();
        float* near = quads.Cast<float>().Ptr();
        int gatesAt = z.GatesAt(TRows.Count, TCell.FirstHiddenBlock);
        float* dHidden = near + z.HiddenAt, dCell = near + z.CellAt(TRows.Count), gates = near + gatesAt, sums = near + z.SumsAt(TRows.Count);
        float* weight = at.Weight.Ptr(), farGates = at.Gates.Ptr(), hidden = at.Hidden.Ptr(), cell = at.Cell.Ptr();
        float* farHidden = at.HiddenGradient.Ptr() + (at.Index * z.Batch + row) * units, farCell = at.CellGradient.Ptr() + (at.Index * z.Batch + row) * units;
        for (int i = Group.IdxX; i < z.Terms * z.Columns; i += Group.DimX) near[i] = weight[i];
        for (int i = Group.IdxX; i < rows * units; i += Group.DimX)
        {
            int r = i / units, unit = i - r * units;
            dHidden[r * z.Pitch + unit] = farHidden[i];
            if (TCell.HasCell) dCell[r * z.Pitch + unit] = farCell[i];
        }
        for (int order = z.Time - 1; order >= 0; order--)
        {
            int step = at.Index == 1 ? z.Time - 1 - order : order;
            int before = at.Index == 1 ? step + 1 : step, after = at.Index == 1 ? step : step + 1;
            for (int i = Group.IdxX; i < rows * units; i += Group.DimX)
            {
                int r = i / units, unit = i - r * units, gate = ((step * z.Batch + row + r) * 4) * units + unit;
                var values = new CellRow
                {
                    Gates = gates + r * 4 * z.Pitch,
                    HiddenBefore = hidden + (before * state + (row + r) * units),
                    CellBefore = cell + (before * state + (row + r) * units),
                    Cell = cell + (after * state + (row + r) * units),
                    OutputGradient = OutputGradient.Ptr() + ((step * z.Batch + row + r) * z.OutputRow + at.Index * units),
                    HiddenGradient = dHidden + r * z.Pitch,
                    CellGradient = dCell + r * z.Pitch,
                    Units = units,
                };
                // What the step after gave through W_hh.
                if (order + 1 < z.Time) values.HiddenGradient[unit] += z.Sum<TRows>(sums, r, unit);
                float* mine = values.Gates + unit;
                if (z.HasLengths != 0 && step >= Lengths[row + r])
                {
                    for (int block = 0; block < 4; block++) mine[block * units] = 0f;
                }
                else
                {
                    for (int block = 0; block < 4; block++) mine[block * units] = farGates[gate + block * units];
                    TCell.Backward(values, unit, TOutput.Hidden<Scalar>(values, unit));
                }
                for (int block = 0; block < 4; block++) farGates[gate + block * units] = mine[block * units];
            }
            Group.Barrier();
            z.Multiply<TRows>(quads, (gatesAt + TCell.FirstHiddenBlock * units) / 4, z.Pitch, near, sums);
            Group.Barrier();
        }
        for (int i = Group.IdxX; i < rows * units; i += Group.DimX)
        {
            int r = i / units, unit = i - r * units;
            farHidden[i] = dHidden[r * z.Pitch + unit] + z.Sum<TRows>(sums, r, unit);
            if (TCell.HasCell) farCell[i] = dCell[r * z.Pitch + unit];
        }
    }
}
