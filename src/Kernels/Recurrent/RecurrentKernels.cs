using ILGPU;

namespace GpuNets.Kernels;

/// <summary>What the kernels of one step need to know besides addresses.</summary>
internal struct RecurrentStep
{
    public int Units;

    /// <summary>Values from one row of the output to the next; more than Units where two directions share it.</summary>
    public int OutputRow;

    /// <summary>Index of the step; rows whose length it reaches carry their state through it.</summary>
    public int Time;

    /// <summary>1 or 0: kernels take no bool.</summary>
    public int HasLengths;
}

/// <summary>
/// One step of a cell for a batch, after the products: gates [batch, 4, units] and the state before give the state after. Every unit
/// is on its own, so that one thread takes one unit of one row.
/// </summary>
internal struct RecurrentForward<TCell> : IRowElementKernel where TCell : struct, IRecurrentCell
{
    public static bool InFours => true;

    public ArrayView<float> Gates, HiddenBefore, CellBefore, Hidden, Cell, Output;
    public ArrayView<int> Lengths;
    public RecurrentStep Step;

    public readonly unsafe void Run<TLoop>(int row, TLoop loop) where TLoop : struct, ILoop
    {
        int state = row * Step.Units;
        var at = new CellRow
        {
            Gates = Gates.Ptr() + 4 * state,
            HiddenBefore = HiddenBefore.Ptr() + state,
            CellBefore = CellBefore.Ptr() + state,
            Hidden = Hidden.Ptr() + state,
            Cell = Cell.Ptr() + state,
            Output = Output.Ptr() + row * Step.OutputRow,
            Units = Step.Units,
        };
        if (Step.HasLengths != 0 && Step.Time >= Lengths[row]) loop.Each(new CarryForward<TCell> { Row = at });
        else loop.Each(new CellForward<TCell> { Row = at });
    }
}

/// <summary>The gradients of one step: the gates become those of the weighted inputs. The product with W_hh follows.</summary>
internal struct RecurrentBackward<TCell, TOutput> : IRowElementKernel where TCell : struct, IRecurrentCell where TOutput : struct, IOutputGradient
{
    public static bool InFours => true;

    public ArrayView<float> Gates, HiddenBefore, CellBefore, Cell, OutputGradient, HiddenGradient, CellGradient;
    public ArrayView<int> Lengths;
    public RecurrentStep Step;

    public readonly unsafe void Run<TLoop>(int row, TLoop loop) where TLoop : struct, ILoop
    {
        int state = row * Step.Units;
        var at = new CellRow
        {
            Gates = Gates.Ptr() + 4 * state,
            HiddenBefore = HiddenBefore.Ptr() + state,
            CellBefore = CellBefore.Ptr() + state,
            Cell = Cell.Ptr() + state,
            OutputGradient = OutputGradient.Ptr() + row * Step.OutputRow,
            HiddenGradient = HiddenGradient.Ptr() + state,
            CellGradient = CellGradient.Ptr() + state,
            Units = Step.Units,
        };
        if (Step.HasLengths != 0 && Step.Time >= Lengths[row]) loop.Each(new CarryBackward { Row = at });
        else loop.Each(new CellBackward<TCell, TOutput> { Row = at });
    }

    /// <summary>The same kernel with or without a gradient of the output.</summary>
    public readonly RecurrentBackward<TCell, TOther> With<TOther>() where TOther : struct, IOutputGradient => new()
    {
        Gates = Gates,
        HiddenBefore = HiddenBefore,
        CellBefore = CellBefore,
        Cell = Cell,
        OutputGradient = OutputGradient,
        HiddenGradient = HiddenGradient,
        CellGradient = CellGradient,
        Lengths = Lengths,
        Step = Step,
    };
}

internal struct CellForward<TCell> : IElementBody where TCell : struct, IRecurrentCell
{
    public CellRow Row;

    public readonly void At<T>(int i) where T : struct, ILane<T> => TCell.Forward<T>(Row, i);
}

internal struct CellBackward<TCell, TOutput> : IElementBody where TCell : struct, IRecurrentCell where TOutput : struct, IOutputGradient
{
    public CellRow Row;

    public readonly void At<T>(int i) where T : struct, ILane<T> => TCell.Backward(Row, i, TOutput.Hidden<T>(Row, i));
}

/// <summary>Whether a gradient reaches the output of a step besides the hidden values that the next step takes. A type, so that no
/// branch keeps OpenCL compilers from making vector code.</summary>
internal interface IOutputGradient
{
    /// <summary>Gradient of the hidden values after the step.</summary>
    static abstract T Hidden<T>(CellRow row, int i) where T : struct, ILane<T>;
}

internal readonly unsafe struct WithOutputGradient : IOutputGradient
{
    public static T Hidden<T>(CellRow row, int i) where T : struct, ILane<T> => T.Load(row.HiddenGradient, i) + T.Load(row.OutputGradient, i);
}

internal readonly unsafe struct NoOutputGradient : IOutputGradient
{
    public static T Hidden<T>(CellRow row, int i) where T : struct, ILane<T> => T.Load(row.HiddenGradient, i);
}

/// <summary>A step after the end of a sequence: the state stays, the output is zero.</summary>
internal unsafe struct CarryForward<TCell> : IElementBody where TCell : struct, IRecurrentCell
{
    public CellRow Row;

    public readonly void At<T>(int i) where T : struct, ILane<T>
    {
        T.Store(Row.Hidden, i, T.Load(Row.HiddenBefore, i));
        if (TCell.HasCell) T.Store(Row.Cell, i, T.Load(Row.CellBefore, i));
        T.Store(Row.Output, i, T.Of(0f));
    }
}

/// <summary>The gradient of the state passes unchanged through a step after the end; nothing else has one.</summary>
internal unsafe struct CarryBackward : IElementBody
{
    public CellRow Row;

    // No loop over the blocks: OpenCL compilers make no vector code across work-items that have one.
    public readonly void At<T>(int i) where T : struct, ILane<T>
    {
        T.Store(Row.Gates, i, T.Of(0f));
        T.Store(Row.Gates, Row.Units + i, T.Of(0f));
        T.Store(Row.Gates, 2 * Row.Units + i, T.Of(0f));
        T.Store(Row.Gates, 3 * Row.Units + i, T.Of(0f));
    }
}
