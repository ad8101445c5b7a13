using GpuNets.Kernels;

namespace GpuNets;

/// <summary>
/// One step of a recurrent cell: x [batch, inputs] and the state [batch, units] give the state after. Two matrix products and one
/// kernel; backward one kernel and the products with both weights.
/// </summary>
internal sealed class RecurrentCellOp<TCell>(
    Tensor x, Tensor hiddenBefore, Tensor? cellBefore, RecurrentWeights weights, DeviceBuffer gates, Tensor hidden, Tensor? cell)
    : Op where TCell : struct, IRecurrentCell
{
    private readonly Tensor[] _outputs = cell is null ? [hidden] : [hidden, cell];

    public override ReadOnlySpan<Tensor> Outputs => _outputs;

    /// <summary>The state after the step; its cell is null if the kind of cell has none.</summary>
    public static (Tensor Hidden, Tensor? Cell) Apply(string operation, Tensor x, Tensor hiddenBefore, Tensor? cellBefore, RecurrentWeights weights)
    {
        if (x.Shape.Rank != 2) throw new ShapeException(operation, $"the input has shape {x.Shape}, expected [batch, inputs].");
        weights.Check(operation, TCell.WeightBlocks, x);
        var size = new RecurrentSize(1, x.Shape[0], weights.Units, 1);
        Shape state = (size.Batch, size.Units);
        weights.Expect(operation, "the hidden state", hiddenBefore, state, $" for input {x.Shape} and {size.Units} units");
        if (cellBefore is not null) weights.Expect(operation, "the cell state", cellBefore, state, $" for input {x.Shape} and {size.Units} units");

        var device = x.Device;
        var gates = device.AllocateTemporary(size.StepGates, "recurrent gates");
        var hidden = Tensor.Empty(device, state, operation);
        var cell = cellBefore is null ? null : Tensor.Empty(device, state, operation);
        RecurrentProducts<TCell>.WeightInputs(x.Buffer, weights, gates, size.Batch);
        Gemm.Run(
            hiddenBefore.Buffer, weights.Hidden.Buffer, gates,
            Recurrence.Product<TCell>(size) with { OffsetC = TCell.FirstHiddenBlock * size.Units },
            weights.HiddenBias?.Buffer, accumulate: true);
        Recurrence.StepForward<TCell>(
            size, new RecurrentForward<TCell>
            {
                Gates = gates.Floats,
                HiddenBefore = hiddenBefore.Buffer.Floats,
                CellBefore = (cellBefore ?? hiddenBefore).Buffer.Floats,
                Hidden = hidden.Buffer.Floats,
                Cell = (cell ?? hidden).Buffer.Floats,
                Output = hidden.Buffer.Floats,
                Lengths = gates.Ints,
                Step = Recurrence.Step(size, 0, null),
            }, device);
        Recorder(x, hiddenBefore, cellBefore, weights.Input, weights.Hidden, weights.InputBias, weights.HiddenBias)?.Add(
            new RecurrentCellOp<TCell>(x, hiddenBefore, cellBefore, weights, gates, hidden, cell));
        return (hidden, cell);
    }

    public override void Backward(Tape tape)
    {
        var device = x.Device;
        var size = new RecurrentSize(1, x.Shape[0], weights.Units, 1);
        var dHidden = tape.Fresh(hiddenBefore) ?? device.AllocateTemporary(size.State, "gradient of a state");
        var dCell = cellBefore is null ? null : tape.Fresh(cellBefore) ?? device.AllocateTemporary(size.State, "gradient of a state");
        // The kernel turns the gradient of the state after into that of the state before in place.
        device.Start(dHidden, hidden.GradientBuffer);
        if (dCell is not null) device.Start(dCell, cell!.GradientBuffer);
        Recurrence.StepBackward(
            size, new RecurrentBackward<TCell, NoOutputGradient>
            {
                Gates = gates.Floats,
                HiddenBefore = hiddenBefore.Buffer.Floats,
                CellBefore = (cellBefore ?? hiddenBefore).Buffer.Floats,
                Cell = (cell ?? hidden).Buffer.Floats,
                OutputGradient = gates.Floats,
                HiddenGradient = dHidden.Floats,
                CellGradient = (dCell ?? dHidden).Floats,
                Lengths = gates.Ints,
                Step = Recurrence.Step(size, 0, null),
            }, device);
        if (hiddenBefore.RequiresGradient)
        {
            Gemm.Run(
                gates, weights.Hidden.Buffer, dHidden,
                Recurrence.ProductBackward<TCell>(size) with { OffsetA = TCell.FirstHiddenBlock * size.Units }, accumulate: true);
            tape.Put(hiddenBefore, dHidden);
        }
        if (cellBefore is { RequiresGradient: true }) tape.Put(cellBefore, dCell!);
        RecurrentProducts<TCell>.HiddenGradient(tape, weights, gates, hiddenBefore.Buffer, 0, size.Batch);
        RecurrentProducts<TCell>.InputGradients(tape, x, weights, gates, size.Batch);
    }
}
