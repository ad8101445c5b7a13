using GpuNets.Kernels;

namespace GpuNets;

/// <summary>
/// One recurrent layer over a sequence, in one or two directions: x [time, batch, inputs] gives the output
/// [time, batch, directions * units] and the last state [directions, batch, units]. The weighted inputs of all steps are one matrix
/// product, the recurrence follows (<see cref="Recurrence"/>); backward is the recurrence from the end, then one product per gradient.
/// Keeps the gates and states of all steps: (4 + 1, or + 2 with a cell) * units values per row and step.
/// </summary>
internal sealed class RecurrentLayerOp<TCell>(
    Tensor x, RecurrentWeights[] weights, Tensor? firstHidden, Tensor? firstCell, IndexTensor? lengths,
    RecurrentSize size, RecurrentDirection[] directions, RecurrentOutput output) : Op where TCell : struct, IRecurrentCell
{
    private readonly Tensor[] _outputs =
        output.Cell is null ? [output.Sequence, output.Hidden] : [output.Sequence, output.Hidden, output.Cell];

    public override ReadOnlySpan<Tensor> Outputs => _outputs;

    /// <summary>Runs the layer; a first state that is null is zero.</summary>
    public static RecurrentOutput Apply(
        string operation, Tensor x, RecurrentWeights[] weights, Tensor? firstHidden, Tensor? firstCell, IndexTensor? lengths)
    {
        if (x.Shape.Rank != 3) throw new ShapeException(operation, $"the input has shape {x.Shape}, expected [time, batch, inputs].");
        if (x.Shape[0] == 0) throw new ShapeException(operation, $"the input {x.Shape} has no time steps.");
        foreach (var direction in weights) direction.Check(operation, TCell.WeightBlocks, x);
        var size = new RecurrentSize(x.Shape[0], x.Shape[1], weights[0].Units, weights.Length);
        Shape state = (size.Directions, size.Batch, size.Units);
        string why = $" for input {x.Shape} and {size.Units} units";
        if (firstHidden is not null) weights[0].Expect(operation, "the hidden state", firstHidden, state, why);
        if (firstCell is not null) weights[0].Expect(operation, "the cell state", firstCell, state, why);
        CheckLengths(operation, x, lengths);

        var device = x.Device;
        var tape = Recorder([x, firstHidden, firstCell, .. weights.SelectMany(w => new[] { w.Input, w.Hidden, w.InputBias, w.HiddenBias })]);
        // Without a tape nobody needs the steps afterwards.
        Func<int, string, DeviceBuffer> allocate = tape is null ? device.Allocate : device.AllocateTemporary;
        var directions = new RecurrentDirection[size.Directions];
        for (int d = 0; d < directions.Length; d++)
        {
            directions[d] = new RecurrentDirection
            {
                Index = d,
                HiddenWeight = weights[d].Hidden.Buffer,
                HiddenBias = weights[d].HiddenBias?.Buffer,
                Gates = allocate(size.Gates, "recurrent gates"),
                Hidden = allocate(size.States, "recurrent states"),
                Cell = TCell.HasCell ? allocate(size.States, "recurrent cells") : null,
            };
            RecurrentProducts<TCell>.WeightInputs(x.Buffer, weights[d], directions[d].Gates, size.Time * size.Batch);
            int first = directions[d].First(size.Time) * size.State;
            device.Start(directions[d].Hidden.Slice(first, size.State), firstHidden?.Buffer.Slice(d * size.State, size.State));
            if (directions[d].Cell is { } cells)
                device.Start(cells.Slice(first, size.State), firstCell?.Buffer.Slice(d * size.State, size.State));
        }
        var sequence = Tensor.Empty(device, (size.Time, size.Batch, size.OutputRow), operation);
        Recurrence.Forward<TCell>(size, directions, sequence.Buffer, lengths?.Buffer);

        var hidden = Tensor.Empty(device, state, operation);
        var cell = TCell.HasCell ? Tensor.Empty(device, state, operation) : null;
        foreach (var direction in directions)
        {
            int last = direction.Last(size.Time) * size.State, at = direction.Index * size.State;
            device.Copy(direction.Hidden.Slice(last, size.State), hidden.Buffer.Slice(at, size.State));
            if (cell is not null) device.Copy(direction.Cell!.Slice(last, size.State), cell.Buffer.Slice(at, size.State));
        }
        var output = new RecurrentOutput(sequence, hidden, cell);
        if (tape is null) foreach (var direction in directions) direction.Free();
        else tape.Add(new RecurrentLayerOp<TCell>(x, weights, firstHidden, firstCell, lengths, size, directions, output));
        return output;
    }

    public override void Backward(Tape tape)
    {
        var device = x.Device;
        int all = size.Directions * size.State;
        var dHidden = (firstHidden is null ? null : tape.Fresh(firstHidden)) ?? device.AllocateTemporary(all, "gradient of a state");
        device.Start(dHidden, output.Hidden.GradientBuffer);
        DeviceBuffer? dCell = null;
        if (TCell.HasCell)
        {
            dCell = (firstCell is null ? null : tape.Fresh(firstCell)) ?? device.AllocateTemporary(all, "gradient of a state");
            device.Start(dCell, output.Cell!.GradientBuffer);
        }
        foreach (var direction in directions) (direction.HiddenGradient, direction.CellGradient) = (dHidden, dCell);
        Recurrence.Backward<TCell>(size, directions, output.Sequence.GradientBuffer, lengths?.Buffer);
        if (firstHidden is { RequiresGradient: true }) tape.Put(firstHidden, dHidden);
        if (firstCell is { RequiresGradient: true }) tape.Put(firstCell, dCell!);
        int rows = size.Time * size.Batch;
        for (int d = 0; d < directions.Length; d++)
        {
            var at = directions[d];
            // States before the steps 0, 1, ...: from the first on, or from the second where they run backwards.
            int before = at.Before(0) * size.State;
            RecurrentProducts<TCell>.HiddenGradient(tape, weights[d], at.Gates, at.Hidden, before, rows);
            RecurrentProducts<TCell>.InputGradients(tape, x, weights[d], at.Gates, rows);
        }
    }

    private static void CheckLengths(string operation, Tensor x, IndexTensor? lengths)
    {
        if (lengths is null) return;
        var (time, batch) = (x.Shape[0], x.Shape[1]);
        if (lengths.Shape != batch) throw new ShapeException(operation, $"lengths have shape {lengths.Shape}, expected [{batch}] for input {x.Shape}.");
        CheckDevice(operation, x.Device, lengths.Device);
        if (lengths.Count > 0 && (lengths.Minimum < 0 || lengths.Maximum > time))
            throw new ShapeException(operation, $"lengths reach from {lengths.Minimum} to {lengths.Maximum}, expected 0 to {time} for input {x.Shape}.");
    }
}
