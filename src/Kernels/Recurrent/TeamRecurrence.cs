namespace GpuNets.Kernels;

/// <summary>
/// Launches whole sequences on GPUs, both directions at once. The one place that says when: W_hh must fit a multiprocessor's shared memory
/// (of the 227 KiB of an H100: LSTM up to 119 units, GRU up to 137; 4 fewer with four rows to a group), and there must be steps to save
/// launches of.
/// </summary>
internal static class TeamRecurrence
{
    private const int GroupSize = GroupThreads.MaxSize;

    /// <summary>True if the device runs a layer so.</summary>
    public static bool Takes<TCell>(Device device, in RecurrentSize size) where TCell : struct, IRecurrentCell =>
        device.Form is ExecutionForm.Warp or ExecutionForm.Group && size.Batch > 0
        && Math.Max(Bytes<TCell>(device, size, backward: false), Bytes<TCell>(device, size, backward: true)) <= device.SharedMemoryLimit;

    public static void Forward<TCell>(in RecurrentSize size, RecurrentDirection[] directions, DeviceBuffer output, DeviceBuffer? lengths)
        where TCell : struct, IRecurrentCell
    {
        var device = output.Device;
        if (Rows(device, size) == 1) Forward<TCell, OneRow>(device, size, directions, output, lengths);
        else Forward<TCell, FourRows>(device, size, directions, output, lengths);
    }

    public static void Backward<TCell>(in RecurrentSize size, RecurrentDirection[] directions, DeviceBuffer? outputGradient, DeviceBuffer? lengths)
        where TCell : struct, IRecurrentCell
    {
        var device = directions[0].Gates.Device;
        bool one = Rows(device, size) == 1;
        if (one && outputGradient is null) Backward<TCell, OneRow, NoOutputGradient>(device, size, directions, outputGradient, lengths);
        else if (one) Backward<TCell, OneRow, WithOutputGradient>(device, size, directions, outputGradient, lengths);
        else if (outputGradient is null) Backward<TCell, FourRows, NoOutputGradient>(device, size, directions, outputGradient, lengths);
        else Backward<TCell, FourRows, WithOutputGradient>(device, size, directions, outputGradient, lengths);
    }

    /// <summary>Rows per group: one as long as all groups run at once, since a step then takes less time.</summary>
    internal static int Rows(Device device, in RecurrentSize size) => size.Batch * size.Directions <= device.Info.Units ? OneRow.Count : FourRows.Count;

    private static long Bytes<TCell>(Device device, in RecurrentSize size, bool backward) where TCell : struct, IRecurrentCell
    {
        // Nothing near these sizes fits, and products of larger ones would wrap.
        if (size.Units > 1024) return long.MaxValue;
        return sizeof(float) * (long)Plan<TCell>(size, Rows(device, size), backward).Floats(Rows(device, size), Threads(device));
    }

    private static TeamSequence Plan<TCell>(in RecurrentSize size, int rows, bool backward, bool hasLengths = false) where TCell : struct, IRecurrentCell => new()
    {
        Time = size.Time,
        Batch = size.Batch,
        Units = size.Units,
        OutputRow = size.OutputRow,
        Columns = backward ? size.Units : TCell.WeightBlocks * size.Units,
        Terms = backward ? TCell.WeightBlocks * size.Units : size.Units,
        Groups = (size.Batch + rows - 1) / rows,
        HasLengths = hasLengths ? 1 : 0,
    };

    private static int Threads(Device device) => Math.Min(GroupSize, device.Accelerator.MaxNumThreadsPerGroup);

    private static void Forward<TCell, TRows>(
        Device device, in RecurrentSize size, RecurrentDirection[] directions, DeviceBuffer output, DeviceBuffer? lengths)
        where TCell : struct, IRecurrentCell where TRows : struct, ITeamRows
    {
        var plan = Plan<TCell>(size, TRows.Count, backward: false, lengths is not null);
        device.ForGroups(
            new TeamForward<TCell, TRows>
            {
                First = new(directions[0]),
                Second = new(directions[^1]),
                Output = output.Floats,
                Lengths = (lengths ?? output).Ints,
                Sequence = plan,
            }, plan.Groups * directions.Length, GroupSize, sharedFloats: plan.Floats(TRows.Count, Threads(device)));
    }

    private static void Backward<TCell, TRows, TOutput>(
        Device device, in RecurrentSize size, RecurrentDirection[] directions, DeviceBuffer? outputGradient, DeviceBuffer? lengths)
        where TCell : struct, IRecurrentCell where TRows : struct, ITeamRows where TOutput : struct, IOutputGradient
    {
        var plan = Plan<TCell>(size, TRows.Count, backward: true, lengths is not null);
        device.ForGroups(
            new TeamBackward<TCell, TRows, TOutput>
            {
                First = new(directions[0]),
                Second = new(directions[^1]),
                OutputGradient = (outputGradient ?? directions[0].Gates).Floats,
                Lengths = (lengths ?? directions[0].Gates).Ints,
                Sequence = plan,
            }, plan.Groups * directions.Length, GroupSize, sharedFloats: plan.Floats(TRows.Count, Threads(device)));
    }
}
