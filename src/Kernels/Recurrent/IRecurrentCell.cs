namespace GpuNets.Kernels;

/// <summary>
/// The formulas of a recurrent cell for one unit of one row. A step's gates are four blocks of Units values per row: before
/// <see cref="Forward"/> they hold the weighted inputs (of x and h, with biases), after it what backward needs; <see cref="Backward"/>
/// turns them into the gradients of the weighted inputs, in place.
/// </summary>
internal interface IRecurrentCell
{
    /// <summary>Blocks of Units rows in a weight: gates of the cell.</summary>
    static abstract int WeightBlocks { get; }

    /// <summary>Blocks FirstHiddenBlock to 3 of the gates receive h W_hh^T, in the order of the weight.</summary>
    static abstract int FirstHiddenBlock { get; }

    /// <summary>Which blocks of the gates receive which blocks of x W_ih^T.</summary>
    static abstract ReadOnlySpan<GateBlocks> InputBlocks { get; }

    /// <summary>True if the state has a cell besides the hidden values.</summary>
    static abstract bool HasCell { get; }

    /// <summary>Gates and state before the step give the state after it, and the output.</summary>
    static abstract void Forward<T>(CellRow row, int i) where T : struct, ILane<T>;

    /// <summary>
    /// Given the gradient of the hidden values after the step, replaces: gates by their gradients, the gradient of the state after the
    /// step by that of the state before it, as far as it does not pass through W_hh.
    /// </summary>
    static abstract void Backward<T>(CellRow row, int i, T dHidden) where T : struct, ILane<T>;
}

/// <summary>So many blocks of a weight, and the block of the gates where their products begin.</summary>
internal readonly record struct GateBlocks(int Gate, int Weight, int Count);

/// <summary>Addresses of one row of a batch at one step.</summary>
internal unsafe struct CellRow
{
    /// <summary>Four blocks of Units values.</summary>
    public float* Gates;

    /// <summary>State before and after the step.</summary>
    public float* HiddenBefore, CellBefore, Hidden, Cell;

    /// <summary>The output: the hidden values again, or zeros where a sequence has ended.</summary>
    public float* Output;

    /// <summary>Gradient of the output, and of the state.</summary>
    public float* OutputGradient, HiddenGradient, CellGradient;

    public int Units;
}
