using ILGPU;
using ILGPU.Runtime;

namespace GpuNets.Kernels;

/// <summary>
/// An operand rounded to bfloat16, [pair][row][part of 32 features]: rounded once instead of by every group that reads it, at half the bytes, and
/// in a shape that kernels copy behind their own back. Rows and features that the operand does not have are zeros.
/// </summary>
internal readonly struct TensorOperand(DeviceBuffer buffer, int rows)
{
    private readonly ArrayView<UInt4> _view = buffer.Floats.Cast<UInt4>();
    private readonly int _rows = Padded(rows);

    /// <summary>Rows of a pair, filled up to whole groups.</summary>
    public static int Padded(int rows) => (rows + TensorStages<Head32>.Rows - 1) / TensorStages<Head32>.Rows * TensorStages<Head32>.Rows;

    /// <summary>Floats of a buffer for an operand.</summary>
    public static int Floats<THead>(int pairs, int rows) where THead : struct, ITensorHead => checked(pairs * Padded(rows) * 16 * THead.Parts);

    /// <summary>The rows of a pair.</summary>
    public ArrayView<UInt4> Of<THead>(int pair) where THead : struct, ITensorHead
    {
        int chunks = _rows * 4 * THead.Parts;
        return _view.SubView((long)pair * chunks, chunks);
    }

    /// <summary>Rounds an operand, of the keys and values only the rows that a sample has.</summary>
    /// <param name="problem">The attention.</param>
    /// <param name="operand">The operand.</param>
    /// <param name="buffer">Where it goes.</param>
    /// <param name="rows">Its rows.</param>
    /// <param name="features">Its features.</param>
    /// <param name="isKeys">True for keys and values.</param>
    public static TensorOperand Round<THead>(AttentionProblem problem, in AttentionOperand operand, DeviceBuffer buffer, int rows, int features, bool isKeys)
        where THead : struct, ITensorHead
    {
        var target = new TensorOperand(buffer, rows);
        for (int pair = 0; pair < problem.Size.Pairs; pair += Device.MaxGridYZ)
        {
            var kernel = new TensorRound<THead>
            {
                From = new(operand),
                To = target,
                Lengths = problem.LengthsView,
                HasLengths = isKeys && problem.Lengths is not null ? 1 : 0,
                Rows = rows,
                Columns = features,
                Heads = problem.Size.Heads,
                FirstPair = pair,
            };
            var grid = new Index3D(Padded(rows) * 4 * THead.Parts / TensorStages<THead>.Threads, Math.Min(Device.MaxGridYZ, problem.Size.Pairs - pair), 1);
            problem.Device.ForGrid(kernel, new KernelConfig(grid, new Index3D(TensorStages<THead>.Threads, 1, 1)), TensorStages<THead>.Threads);
        }
        return target;
    }
}

/// <summary>Rounds an operand, a thread per eight features.</summary>
[ComputeCapability(8, 0)]
internal struct TensorRound<THead> : IGridKernel where THead : struct, ITensorHead
{
    public TeamOperand From;
    public TensorOperand To;
    public ArrayView<int> Lengths;
    public int HasLengths, Rows, Columns, Heads, FirstPair;

    public readonly unsafe void Run()
    {
        int at = Grid.IdxX * TensorStages<THead>.Threads + Group.IdxX, row = at / (4 * THead.Parts), column = 8 * (at - row * 4 * THead.Parts);
        int pair = FirstPair + Grid.IdxY, sample = pair / Heads, rows = Rows;
        if (HasLengths != 0) rows = Lengths[sample];
        int count = row < rows ? Columns - column : 0, from = From.Place.Row(sample, pair % Heads, row) + column;
        Float4 first, second;
        if (count >= 8)
        {
            first = DeviceMemory.Load4(From.View.Ptr() + from);
            second = DeviceMemory.Load4(From.View.Ptr() + from + 4);
        }
        else
        {
            first = ScalarAccess.Load(From.View, from, count);
            second = ScalarAccess.Load(From.View, from + 4, count - 4);
        }
        var to = To.Of<THead>(pair);
        to[at] = BFloat16Format.Round(first, second);
    }
}
