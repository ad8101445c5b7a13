namespace GpuNets.Kernels;

/// <summary>
/// A broadcast result of two axes, the usual case, for kernels of one element per item: operands move by a fixed step from row to row.
/// For CPUs under OpenCL, whose compiler makes vector code of neighbouring items but not of a loop over arrays that may overlap (PoCL 6:
/// 8 ns per element with one item per row), nor of items that find their row through branches.
/// </summary>
internal struct BroadcastMatrix
{
    // Shorter rows would leave most items of a group without work.
    private const int ShortestRow = 16;

    /// <summary>Elements of a row of the result, and from one row of an operand to the next.</summary>
    public int Columns, StepA, StepB;

    /// <summary>The matrix of a plan; false where a team per row is better off.</summary>
    public static bool Of(Device device, in Broadcast plan, out BroadcastMatrix matrix, out int rows)
    {
        var offsets = plan.Offsets();
        matrix = new BroadcastMatrix { Columns = plan.Inner, StepA = offsets.A1, StepB = offsets.B1 };
        rows = plan.Inner == 0 ? 0 : plan.Result.Count / plan.Inner;
        return device.Form == ExecutionForm.Serial && offsets.Levels == 1 && plan.Inner >= ShortestRow;
    }
}
