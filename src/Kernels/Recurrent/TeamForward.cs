using ILGPU;

namespace GpuNets.Kernels;

/// <summary>
/// All steps of a recurrent layer in one launch, for GPUs whose multiprocessor holds W_hh: a group takes one row or four through the
/// sequence. Given the weighted inputs of all steps in the gates, a step is the product h W_hh^T from shared memory, a barrier, the cell,
/// a barrier; the weighted inputs of the next cell are on their way while the product runs.
/// </summary>
[LargeKernel]
internal struct TeamForward<TCell, TRows> : IGroupKernel where TCell : struct, IRecurrentCell where TRows : struct, ITeamRows
{
    public TeamDirection First, Second;
    public ArrayView<float> Output;
    public ArrayView<int> Lengths;
    public TeamSequence Sequence;

    // Views of one direction or the other cannot be chosen between at run time, code can.
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
        float* hidden = near + z.HiddenAt, cell = near + z.CellAt(TRows.Count), gates = near + z.GatesAt(TRows.Count, 0), sums = near + z.SumsAt(TRows.Count);
        float* weight = at.Weight.Ptr(), farGates = at.Gates.Ptr(), farHidden = at.Hidden.Ptr(), farCell = at.Cell.Ptr(), output = Output.Ptr();
        for (int i = Group.IdxX; i < z.Terms * z.Columns; i += Group.DimX)
        {
            int column = i / units;   // a row of the weight, which is read as it lies
            near[(i - column * units) * z.Columns + column] = weight[i];
        }
        int before = at.Index == 1 ? z.Time : 0;
        for (int i = Group.IdxX; i < rows * units; i += Group.DimX)
        {
            int r = i / units, unit = i - r * units, source = before * state + (row + r) * units + unit;
            hidden[r * z.Pitch + unit] = farHidden[source];
            if (TCell.HasCell) cell[r * z.Pitch + unit] = farCell[source];
        }
        Group.Barrier();
        for (int order = 0; order < z.Time; order++)
        {
            int step = at.Index == 1 ? z.Time - 1 - order : order, first = (step * z.Batch + row) * 4 * units;
            // The first unit of this thread, fetched ahead of the product; most threads have no other.
            int own = Group.IdxX < rows * units ? Group.IdxX : 0;
            int place = first + own / units * 3 * units + own;
            float g0 = farGates[place], g1 = farGates[place + units], g2 = farGates[place + 2 * units], g3 = farGates[place + 3 * units];
            z.Multiply<TRows>(quads, z.HiddenAt / 4, z.Pitch / 4, near, sums);
            Group.Barrier();
            for (int i = Group.IdxX; i < rows * units; i += Group.DimX)
            {
                int r = i / units, unit = i - r * units;
                int gate = first + r * 4 * units + unit, after = ((at.Index == 1 ? step : step + 1) * z.Batch + row + r) * units + unit;
                var values = new CellRow
                {
                    Gates = gates + r * 4 * z.Pitch,
                    HiddenBefore = hidden + r * z.Pitch,
                    CellBefore = cell + r * z.Pitch,
                    Hidden = hidden + r * z.Pitch,
                    Cell = cell + r * z.Pitch,
                    Output = output + ((step * z.Batch + row + r) * z.OutputRow + at.Index * units),
                    Units = units,
                };
                if (z.HasLengths != 0 && step >= Lengths[row + r]) values.Output[unit] = 0f;
                else
                {
                    if (i != own)
                    {
                        g0 = farGates[gate];
                        g1 = farGates[gate + units];
                        g2 = farGates[gate + 2 * units];
                        g3 = farGates[gate + 3 * units];
                    }
                    float* mine = values.Gates + unit;
                    mine[0] = g0;
                    mine[units] = g1;
                    mine[2 * units] = g2;
                    mine[3 * units] = g3;
                    for (int block = 0; block < TCell.WeightBlocks; block++)
                    {
                        float sum = z.Sum<TRows>(sums, r, block * units + unit);
                        if (at.HasBias != 0) sum += at.Bias[block * units + unit];
                        mine[(TCell.FirstHiddenBlock + block) * units] += sum;
                    }
                    TCell.Forward<Scalar>(values, unit);
                    for (int block = 0; block < 4; block++) farGates[gate + block * units] = mine[block * units];
                }
                farHidden[after] = values.Hidden[unit];
                if (TCell.HasCell) farCell[after] = values.Cell[unit];
            }
            Group.Barrier();
        }
    }
}
