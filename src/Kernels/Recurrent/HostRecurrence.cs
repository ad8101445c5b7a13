using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace GpuNets.Kernels;

/// <summary>
/// The recurrence on the host's cores, a whole sequence per job: rows of the batch never meet, so that each thread takes some rows of
/// one direction through all steps, without waiting for others. W_hh is packed once. Per step a thread multiplies its rows with it and
/// applies the cell while the gates are in cache. Results do not depend on the number of threads.
/// </summary>
internal static unsafe class HostRecurrence
{
    public static void Run<TCell>(
        Device device, in RecurrentSize size, RecurrentDirection[] directions, DeviceBuffer? output, DeviceBuffer? lengths, bool backward)
        where TCell : struct, IRecurrentCell
    {
        if (size.Batch == 0) return;
        device.Launches++;
        if (Vector512.IsHardwareAccelerated) Run<TCell, Tile512, Lane512>(device, size, directions, output, lengths, backward);
        else Run<TCell, Tile256, Lane256>(device, size, directions, output, lengths, backward);
    }

    /// <summary>Runs with registers of a given width.</summary>
    public static void Run<TCell, TLanes, T>(
        Device device, in RecurrentSize size, RecurrentDirection[] directions, DeviceBuffer? output, DeviceBuffer? lengths, bool backward)
        where TCell : struct, IRecurrentCell where TLanes : struct, IHostTileLanes<T> where T : struct, ILane<T>
    {
        int hidden = TCell.WeightBlocks * size.Units;
        var (n, k) = backward ? (size.Units, hidden) : (hidden, size.Units);
        int length = HostPanels<TLanes, T>.Length(n, k);
        var memory = device.Allocate(checked(length * directions.Length), "packed weight of a recurrence");
        try
        {
            var job = new Job<TCell, TLanes, T>
            {
                Size = size,
                First = Bind<TLanes, T>(directions[0], memory, 0, n, k),
                Second = directions.Length > 1 ? Bind<TLanes, T>(directions[1], memory, length, n, k) : default,
                Output = output is null ? null : output.Floats.Ptr(),
                Lengths = lengths is null ? null : lengths.Ints.Ptr(),
                Backward = backward,
            };
            Pack<TLanes, T>(device.Workers, directions.Length, job.First, job.Second, backward, size.Units);
            // A core does about 100 flops per nanosecond here.
            double work = 2.0 * size.Time * size.Batch * directions.Length * hidden * size.Units / 100;
            int wanted = work < HostLaunch.ParallelThreshold ? 1 : device.Workers.Count;
            job.Shares = Math.Clamp((wanted + directions.Length - 1) / directions.Length, 1, size.Batch);
            if (wanted > 1)
            {
                device.Workers.Run(job.Shares * directions.Length, job);
                return;
            }
            for (int i = 0; i < directions.Length; i++) job.Part(i);
        }
        finally
        {
            memory.Free();
        }
    }

    private static HostDirection<TLanes, T> Bind<TLanes, T>(RecurrentDirection at, DeviceBuffer memory, int offset, int n, int k)
        where TLanes : struct, IHostTileLanes<T> where T : struct, ILane<T> => new()
        {
            Index = at.Index,
            Weight = at.HiddenWeight.Floats.Ptr(),
            Bias = at.HiddenBias is null ? null : at.HiddenBias.Floats.Ptr(),
            Gates = at.Gates.Floats.Ptr(),
            Hidden = at.Hidden.Floats.Ptr(),
            Cell = at.Cell is null ? null : at.Cell.Floats.Ptr(),
            HiddenGradient = at.HiddenGradient is null ? null : at.HiddenGradient.Floats.Ptr(),
            CellGradient = at.CellGradient is null ? null : at.CellGradient.Floats.Ptr(),
            Panels = new HostPanels<TLanes, T>(memory.Floats.Ptr() + offset, n, k),
        };

    private static void Pack<TLanes, T>(
        HostWorkers workers, int directions, in HostDirection<TLanes, T> first, in HostDirection<TLanes, T> second, bool backward, int units)
        where TLanes : struct, IHostTileLanes<T> where T : struct, ILane<T>
    {
        // Forward multiplies with the transposed weight: its column j is row j of the weight.
        var job = new PackJob<TLanes, T> { First = first, Second = second, Column = backward ? 1 : units, Step = backward ? units : 1 };
        job.Shares = Math.Min(workers.Count, first.Panels.Count);
        workers.Run(job.Shares * directions, job);
    }

    private struct PackJob<TLanes, T> : IHostJob where TLanes : struct, IHostTileLanes<T> where T : struct, ILane<T>
    {
        public HostDirection<TLanes, T> First, Second;
        public nint Column, Step;
        public int Shares;

        public readonly void Part(int index)
        {
            var at = index < Shares ? First : Second;
            int share = index % Shares, count = at.Panels.Count;
            at.Panels.Pack(at.Weight, Column, Step, count * share / Shares, count * (share + 1) / Shares);
        }
    }

    private struct Job<TCell, TLanes, T> : IHostJob
        where TCell : struct, IRecurrentCell where TLanes : struct, IHostTileLanes<T> where T : struct, ILane<T>
    {
        public RecurrentSize Size;
        public HostDirection<TLanes, T> First, Second;

        /// <summary>The output, or backward its gradient; null if it has none.</summary>
        public float* Output;
        public int* Lengths;
        public bool Backward;

        /// <summary>Threads that share the rows of a direction.</summary>
        public int Shares;

        public readonly void Part(int index)
        {
            int share = index % Shares;
            int row = (int)((long)Size.Batch * share / Shares), end = (int)((long)Size.Batch * (share + 1) / Shares);
            if (Backward) RowsBackward(index < Shares ? First : Second, row, end);
            else RowsForward(index < Shares ? First : Second, row, end);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private readonly void RowsForward(HostDirection<TLanes, T> at, int row, int end)
        {
            int units = Size.Units;
            nint state = Size.State;
            var loop = new HostRange<T>(0, units);
            for (int order = 0; order < Size.Time; order++)
            {
                int step = at.StepAt(order, Size.Time);
                float* gates = at.Gates + step * (nint)Size.StepGates, before = at.Hidden + at.Before(step) * state;
                at.Panels.MultiplyAdd(
                    end - row, before + row * units, units, gates + row * 4 * units + TCell.FirstHiddenBlock * units, 4 * units, at.Bias);
                for (int r = row; r < end; r++)
                {
                    var values = at.Row(r, step, Size);
                    values.Output = Output + ((nint)step * Size.Batch + r) * Size.OutputRow + at.Index * units;
                    if (Lengths != null && step >= Lengths[r]) loop.Each(new CarryForward<TCell> { Row = values });
                    else loop.Each(new CellForward<TCell> { Row = values });
                }
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private readonly void RowsBackward(HostDirection<TLanes, T> at, int row, int end)
        {
            int units = Size.Units, gradient = at.Index * Size.State + row * units;
            var loop = new HostRange<T>(0, units);
            for (int order = Size.Time - 1; order >= 0; order--)
            {
                int step = at.StepAt(order, Size.Time);
                for (int r = row; r < end; r++)
                {
                    var values = at.Row(r, step, Size);
                    values.HiddenGradient = at.HiddenGradient + at.Index * Size.State + r * units;
                    values.CellGradient = at.CellGradient + at.Index * Size.State + r * units;
                    if (Output != null) values.OutputGradient = Output + ((nint)step * Size.Batch + r) * Size.OutputRow + at.Index * units;
                    if (Lengths != null && step >= Lengths[r]) loop.Each(new CarryBackward { Row = values });
                    else if (Output != null) loop.Each(new CellBackward<TCell, WithOutputGradient> { Row = values });
                    else loop.Each(new CellBackward<TCell, NoOutputGradient> { Row = values });
                }
                float* gates = at.Gates + step * (nint)Size.StepGates + row * 4 * units + TCell.FirstHiddenBlock * units;
                at.Panels.MultiplyAdd(end - row, gates, 4 * units, at.HiddenGradient + gradient, units, null);
            }
        }
    }
}
