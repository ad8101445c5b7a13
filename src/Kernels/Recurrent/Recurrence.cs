using ILGPU;

namespace GpuNets.Kernels;

/// <summary>
/// The recurrence of a layer over a sequence, given the weighted inputs of all steps in the gates. On the host one job runs the whole
/// sequence (<see cref="HostRecurrence"/>), on GPUs one launch where the weight fits a multiprocessor (<see cref="TeamRecurrence"/>);
/// elsewhere each step is a matrix product and a kernel, launched one after the other.
/// </summary>
internal static class Recurrence
{
    /// <summary>Steps from which on packing W_hh, or reading it into shared memory, costs less than it saves.</summary>
    private const int ShortestPacked = 2;

    /// <summary>Gates and first states give all states and the output [time, batch, directions * units].</summary>
    public static void Forward<TCell>(in RecurrentSize size, RecurrentDirection[] directions, DeviceBuffer output, DeviceBuffer? lengths)
        where TCell : struct, IRecurrentCell
    {
        var device = output.Device;
        if (device.Form == ExecutionForm.Host && size.Time >= ShortestPacked)
        {
            HostRecurrence.Run<TCell>(device, size, directions, output, lengths, backward: false);
            return;
        }
        if (size.Time >= ShortestPacked && TeamRecurrence.Takes<TCell>(device, size))
        {
            TeamRecurrence.Forward<TCell>(size, directions, output, lengths);
            return;
        }
        foreach (var direction in directions) StepwiseForward<TCell>(size, direction, output, lengths);
    }

    /// <summary>
    /// Gates, states, gradients of the output and of the last states give the gradients of the weighted inputs (in place of the
    /// gates) and of the first states.
    /// </summary>
    public static void Backward<TCell>(
        in RecurrentSize size, RecurrentDirection[] directions, DeviceBuffer? outputGradient, DeviceBuffer? lengths)
        where TCell : struct, IRecurrentCell
    {
        var device = directions[0].Gates.Device;
        if (device.Form == ExecutionForm.Host && size.Time >= ShortestPacked)
        {
            HostRecurrence.Run<TCell>(device, size, directions, outputGradient, lengths, backward: true);
            return;
        }
        if (size.Time >= ShortestPacked && TeamRecurrence.Takes<TCell>(device, size))
        {
            TeamRecurrence.Backward<TCell>(size, directions, outputGradient, lengths);
            return;
        }
        foreach (var direction in directions) StepwiseBackward<TCell>(size, direction, outputGradient, lengths);
    }

    internal static void StepwiseForward<TCell>(in RecurrentSize size, RecurrentDirection at, DeviceBuffer output, DeviceBuffer? lengths)
        where TCell : struct, IRecurrentCell
    {
        var product = new StepProduct(at.HiddenWeight, Product<TCell>(size), size.Time);
        for (int order = 0; order < size.Time; order++)
        {
            int step = at.StepAt(order, size.Time), before = at.Before(step) * size.State, after = at.After(step) * size.State;
            product.AddTo(at.Gates, at.Hidden, step * size.StepGates + TCell.FirstHiddenBlock * size.Units, before, at.HiddenBias);
            StepForward<TCell>(
                size, new RecurrentForward<TCell>
                {
                    Gates = View(at.Gates, step * size.StepGates, size.StepGates),
                    HiddenBefore = View(at.Hidden, before, size.State),
                    CellBefore = View(at.Cell ?? at.Hidden, before, size.State),
                    Hidden = View(at.Hidden, after, size.State),
                    Cell = View(at.Cell ?? at.Hidden, after, size.State),
                    Output = From(output, step * size.Batch * size.OutputRow + at.Index * size.Units),
                    Lengths = (lengths ?? output).Ints,
                    Step = Step(size, step, lengths),
                }, at.Gates.Device);
        }
        product.Free();
    }

    internal static void StepwiseBackward<TCell>(in RecurrentSize size, RecurrentDirection at, DeviceBuffer? outputGradient, DeviceBuffer? lengths)
        where TCell : struct, IRecurrentCell
    {
        int gradient = at.Index * size.State;
        var product = new StepProduct(at.HiddenWeight, ProductBackward<TCell>(size), size.Time);
        for (int order = size.Time - 1; order >= 0; order--)
        {
            int step = at.StepAt(order, size.Time), before = at.Before(step) * size.State, after = at.After(step) * size.State;
            var kernel = new RecurrentBackward<TCell, NoOutputGradient>
            {
                Gates = View(at.Gates, step * size.StepGates, size.StepGates),
                HiddenBefore = View(at.Hidden, before, size.State),
                CellBefore = View(at.Cell ?? at.Hidden, before, size.State),
                Cell = View(at.Cell ?? at.Hidden, after, size.State),
                OutputGradient = outputGradient is null
                    ? at.Hidden.Floats
                    : From(outputGradient, step * size.Batch * size.OutputRow + at.Index * size.Units),
                HiddenGradient = View(at.HiddenGradient!, gradient, size.State),
                CellGradient = View(at.CellGradient ?? at.HiddenGradient!, gradient, size.State),
                Lengths = (lengths ?? at.Gates).Ints,
                Step = Step(size, step, lengths),
            };
            if (outputGradient is null) StepBackward(size, kernel, at.Gates.Device);
            else StepBackward(size, kernel.With<WithOutputGradient>(), at.Gates.Device);
            product.AddTo(at.HiddenGradient!, at.Gates, gradient, step * size.StepGates + TCell.FirstHiddenBlock * size.Units, null);
        }
        product.Free();
    }

    /// <summary>h W_hh^T, added to the blocks of the gates that take it.</summary>
    public static GemmSize Product<TCell>(in RecurrentSize size) where TCell : struct, IRecurrentCell =>
        new(size.Batch, TCell.WeightBlocks * size.Units, size.Units, transposeB: true) { LeadingC = 4 * size.Units };

    /// <summary>The gradient of the weighted inputs times W_hh.</summary>
    public static GemmSize ProductBackward<TCell>(in RecurrentSize size) where TCell : struct, IRecurrentCell =>
        new(size.Batch, size.Units, TCell.WeightBlocks * size.Units) { LeadingA = 4 * size.Units };

    /// <summary>Launches the pointwise part of one step.</summary>
    public static void StepForward<TCell>(in RecurrentSize size, in RecurrentForward<TCell> kernel, Device device)
        where TCell : struct, IRecurrentCell => device.ForRowElements(kernel, size.Batch, size.Units, NanosecondsForward);

    /// <inheritdoc cref="StepForward"/>
    public static void StepBackward<TCell, TOutput>(in RecurrentSize size, in RecurrentBackward<TCell, TOutput> kernel, Device device)
        where TCell : struct, IRecurrentCell where TOutput : struct, IOutputGradient => device.ForRowElements(kernel, size.Batch, size.Units, NanosecondsBackward);

    internal const float NanosecondsForward = 2f, NanosecondsBackward = 1.5f;

    internal static RecurrentStep Step(in RecurrentSize size, int step, DeviceBuffer? lengths) => new()
    {
        Units = size.Units,
        OutputRow = size.OutputRow,
        Time = step,
        HasLengths = lengths is null ? 0 : 1,
    };

    private static ArrayView<float> View(DeviceBuffer buffer, int offset, int length) => buffer.Floats.SubView(offset, length);

    private static ArrayView<float> From(DeviceBuffer buffer, int offset) => buffer.Floats.SubView(offset, buffer.Floats.Length - offset);
}
