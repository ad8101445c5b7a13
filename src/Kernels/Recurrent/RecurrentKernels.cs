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
    public int HasLengths, HasOutputGradient;
}

/// <summary>
/// One step of a cell for a batch, after the products: gates [batch, 4, units] and the state before give the state after. Every unit
/// is on its own, so that one thread takes one unit of one row.
/// </summary>
internal struct RecurrentForward<TCell> : IRowElementKernel where TCell : struct, IRecurrentCell
{
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
internal struct RecurrentBackward<TCell> : IRowElementKernel where TCell : struct, IRecurrentCell
{
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
            HasOutputGradient = Step.HasOutputGradient,
        };
        if (Step.HasLengths != 0 && Step.Time >= Lengths[row]) loop.Each(new CarryBackward { Row = at });
        else loop.Each(new CellBackward<TCell> { Row = at });
    }
}

internal struct CellForward<TCell> : IElementBody where TCell : struct, IRecurrentCell
{
    public CellRow Row;

    public readonly void At<T>(int i) where T : struct, ILane<T> => TCell.Forward<T>(Row, i);
}

internal struct CellBackward<TCell> : IElementBody where TCell : struct, IRecurrentCell
{
    public CellRow Row;

    public readonly void At<T>(int i) where T : struct, ILane<T> => TCell.Backward<T>(Row, i);
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

    public readonly void At<T>(int i) where T : struct, ILane<T>
    {
        for (int block = 0; block < 4; block++) T.Store(Row.Gates, block * Row.Units + i, T.Of(0f));
    }
}
