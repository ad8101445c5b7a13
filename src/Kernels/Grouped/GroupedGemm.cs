using ILGPU;
using ILGPU.Runtime;

namespace GpuNets.Kernels;

/// <summary>
/// Products of rows with the matrix of their group, in one launch however many groups there are. Entry e reads row <c>Rows[e]</c> of x and
/// writes row <c>Edges[e]</c> of y; each row of y is written by one entry. Sums are in a fixed order: the same input gives the same bits.
/// </summary>
internal static class GroupedGemm
{
    private const int SmallShift = 6, LargeShift = 7;   // rows of a tile

    // Entries per partial sum of outer products: long enough to outweigh writing and reading it, short enough for many groups of threads.
    private const int OuterShift = 9;

    /// <summary>y[write] (+)= x[read] op(B[g]): B is [groups, terms, columns], or [groups, columns, terms] if transposed.</summary>
    public static void Run(
        DeviceBuffer x, DeviceBuffer matrices, SegmentLists groups, DeviceBuffer y, int terms, int columns, bool transposeB, bool accumulate)
    {
        var device = y.Device;
        if (groups.Entries == 0 || columns == 0) return;
        if (device.Form == ExecutionForm.Host) Host(x, matrices, groups, y, terms, columns, transposeB, accumulate);
        else if (device.Form == ExecutionForm.Serial) Items(x, matrices, groups, y, terms, columns, transposeB, accumulate);
        else if (device.Accelerator.MaxNumThreadsPerGroup < TeamGemmLauncher.GroupSize) Naive(x, matrices, groups, y, terms, columns, transposeB, accumulate);
        else
        {
            // Large tiles where groups fill them.
            bool isLarge = columns > 64 && groups.Entries >= 128L * groups.Count;
            if (((terms | columns) & 3) == 0) Teams<VectorAccess>(x, matrices, groups, y, terms, columns, transposeB, accumulate, isLarge);
            else Teams<ScalarAccess>(x, matrices, groups, y, terms, columns, transposeB, accumulate, isLarge);
        }
    }

    /// <summary>dB[g] (+)= sum of dy[write] x[read]^T over the entries of each group: [groups, outputs, inputs].</summary>
    public static void Outer(
        DeviceBuffer dy, DeviceBuffer x, SegmentLists groups, DeviceBuffer target, int outputs, int inputs, bool accumulate)
    {
        if (target.Length == 0) return;
        var device = target.Device;
        int slots = GroupedRows.Slots(groups.Entries, groups.Count, OuterShift), each = outputs * inputs;
        var partial = device.Allocate(checked(slots * each), "partial sums of outer products");
        if (device.Form == ExecutionForm.Host) HostOuter(dy, x, groups, partial, outputs, inputs);
        else if (device.Form == ExecutionForm.Serial && inputs >= Row32.Width) ItemOuter(dy, x, groups, partial, outputs, inputs, slots);
        else if (device.Form == ExecutionForm.Serial || device.Accelerator.MaxNumThreadsPerGroup < TeamGemmLauncher.GroupSize)
            RowOuter(dy, x, groups, partial, outputs, inputs, slots);
        else if (((outputs | inputs) & 3) == 0) TeamOuter<VectorAccess>(dy, x, groups, partial, outputs, inputs, slots);
        else TeamOuter<ScalarAccess>(dy, x, groups, partial, outputs, inputs, slots);
        if (accumulate) Sum<Accumulate>(partial, groups, target, outputs, inputs);
        else Sum<Write>(partial, groups, target, outputs, inputs);
        partial.Free();
    }

    private static unsafe void Host(
        DeviceBuffer x, DeviceBuffer matrices, SegmentLists groups, DeviceBuffer y, int terms, int columns, bool transposeB, bool accumulate)
    {
        y.Device.Launches++;
        var problem = HostProblem(x, matrices, groups, y, terms, columns) with { TransposeB = transposeB, Accumulate = accumulate };
        HostGroupedGemm.Run(y.Device.Workers, problem, groups.Entries);
    }

    private static unsafe void HostOuter(DeviceBuffer dy, DeviceBuffer x, SegmentLists groups, DeviceBuffer partial, int outputs, int inputs)
    {
        dy.Device.Launches++;
        HostGroupedGemm.Outer(dy.Device.Workers, HostProblem(x, partial, groups, dy, inputs, outputs), groups.Entries, OuterShift);
    }

    private static unsafe HostGroupedProblem HostProblem(DeviceBuffer x, DeviceBuffer matrices, SegmentLists groups, DeviceBuffer y, int terms, int columns) => new()
    {
        X = x.Floats.Ptr(),
        Matrices = matrices.Floats.Ptr(),
        Y = y.Floats.Ptr(),
        Starts = groups.Starts.Ints.Ptr(),
        Read = groups.Rows.Ints.Ptr(),
        Write = groups.Edges.Ints.Ptr(),
        Groups = groups.Count,
        Terms = terms,
        Columns = columns,
    };

    private static void Items(
        DeviceBuffer x, DeviceBuffer matrices, SegmentLists groups, DeviceBuffer y, int terms, int columns, bool transposeB, bool accumulate)
    {
        var device = y.Device;
        int panels = (columns + Row32.Width - 1) / Row32.Width, pitch = panels * Row32.Width, rows = groups.Entries;
        var size = new GemmSize(1, columns, terms, groups.Count, transposeB: transposeB);
        var packed = ItemGemmLauncher.Pack(device, matrices.Floats, size);
        // Rows of whole panels have no room in y, and panels do not add.
        var sums = pitch == columns && !accumulate ? null : device.Allocate(checked(rows * pitch), "sums in whole panels");
        int slots = GroupedRows.Slots(rows, groups.Count, ItemGroupedGemm.Shift);
        int group = Math.Min(GemmPlan.ItemGroup(slots), device.Accelerator.MaxNumThreadsPerGroup), sets = (slots + group - 1) / group;
        for (int first = 0; first < sets; first += Device.MaxGridYZ)
            device.ForGrid(
                new ItemGroupedGemm
                {
                    X = x.Floats,
                    Panels = (packed ?? matrices).Floats,
                    Y = (sums ?? y).Floats,
                    Rows = Lists(groups),
                    Terms = terms,
                    Pitch = pitch,
                    FirstSlot = first * group,
                },
                new KernelConfig(new Index3D(panels, Math.Min(Device.MaxGridYZ, sets - first), 1), new Index3D(1, group, 1)), LaunchPlan.LargestSerialGroup);
        packed?.Free();
        if (sums is null) return;
        if (accumulate) Cut<Accumulate>(sums, y, rows, pitch, columns);
        else Cut<Write>(sums, y, rows, pitch, columns);
        sums.Free();
    }

    private static void Cut<TStore>(DeviceBuffer sums, DeviceBuffer y, int rows, int pitch, int columns) where TStore : struct, IStore =>
        y.Device.ForRows(new CutRows<TStore> { Sums = sums.Floats, Y = y.Floats, Pitch = pitch, Columns = columns }, rows, columns);

    private static void Naive(
        DeviceBuffer x, DeviceBuffer matrices, SegmentLists groups, DeviceBuffer y, int terms, int columns, bool transposeB, bool accumulate)
    {
        var lists = Lists(groups);
        y.Device.ForEach(
            new NaiveGroupedGemm
            {
                X = x.Floats,
                Matrices = matrices.Floats,
                Y = y.Floats,
                Starts = lists.Starts,
                Read = lists.Read,
                Write = lists.Write,
                Groups = lists.Groups,
                Terms = terms,
                Columns = columns,
                StepK = transposeB ? 1 : columns,
                StepColumn = transposeB ? terms : 1,
                Accumulate = accumulate ? 1 : 0,
            },
            checked(groups.Entries * columns), 0.5f * terms);
    }

    private static void Teams<TAccess>(
        DeviceBuffer x, DeviceBuffer matrices, SegmentLists groups, DeviceBuffer y, int terms, int columns, bool transposeB, bool accumulate, bool isLarge)
        where TAccess : struct, ITeamAccess
    {
        switch (isLarge, transposeB)
        {
            case (false, false): Team<SmallTeamTile, SideAlongLines, TAccess>(x, matrices, groups, y, terms, columns, columns, accumulate, SmallShift); break;
            case (false, true): Team<SmallTeamTile, SideAlongK, TAccess>(x, matrices, groups, y, terms, columns, terms, accumulate, SmallShift); break;
            case (true, false): Team<LargeTeamTile, SideAlongLines, TAccess>(x, matrices, groups, y, terms, columns, columns, accumulate, LargeShift); break;
            default: Team<LargeTeamTile, SideAlongK, TAccess>(x, matrices, groups, y, terms, columns, terms, accumulate, LargeShift); break;
        }
    }

    private static void Team<TTile, TSideB, TAccess>(
        DeviceBuffer x, DeviceBuffer matrices, SegmentLists groups, DeviceBuffer y, int terms, int columns, int stepB, bool accumulate, int shift)
        where TTile : struct, ITeamTile<TTile> where TSideB : struct, ITeamSide where TAccess : struct, ITeamAccess
    {
        int columnTiles = (columns + TTile.Width - 1) / TTile.Width;
        Launch(
            y.Device,
            new TeamGroupedGemm<TTile, TSideB, TAccess>
            {
                X = x.Floats,
                Matrices = matrices.Floats,
                Y = y.Floats,
                Rows = Lists(groups),
                Terms = terms,
                Columns = columns,
                StepB = stepB,
                ColumnTiles = columnTiles,
                Shift = shift,
                Accumulate = accumulate ? 1 : 0,
            },
            checked(GroupedRows.Slots(groups.Entries, groups.Count, shift) * columnTiles));
    }

    private static void TeamOuter<TAccess>(DeviceBuffer dy, DeviceBuffer x, SegmentLists groups, DeviceBuffer partial, int outputs, int inputs, int slots)
        where TAccess : struct, ITeamAccess
    {
        int rowTiles = (outputs + SmallTeamTile.Width - 1) / SmallTeamTile.Width, columnTiles = (inputs + SmallTeamTile.Width - 1) / SmallTeamTile.Width;
        Launch(
            dy.Device,
            new TeamGroupedOuter<TAccess>
            {
                DY = dy.Floats,
                X = x.Floats,
                Partial = partial.Floats,
                Rows = Lists(groups),
                Outputs = outputs,
                Inputs = inputs,
                RowTiles = rowTiles,
                ColumnTiles = columnTiles,
                Shift = OuterShift,
            },
            checked(slots * rowTiles * columnTiles));
    }

    private static void ItemOuter(DeviceBuffer dy, DeviceBuffer x, SegmentLists groups, DeviceBuffer partial, int outputs, int inputs, int slots)
    {
        var device = dy.Device;
        int tiles = (outputs + 3) / 4, group = Math.Min(GemmPlan.ItemGroup(tiles), device.Accelerator.MaxNumThreadsPerGroup);
        for (int first = 0; first < slots; first += Device.MaxGridYZ)
            device.ForGrid(
                new ItemGroupedOuter
                {
                    DY = dy.Floats,
                    X = x.Floats,
                    Partial = partial.Floats,
                    Rows = Lists(groups),
                    Outputs = outputs,
                    Inputs = inputs,
                    Shift = OuterShift,
                    FirstSlot = first,
                },
                new KernelConfig(
                    new Index3D((inputs + Row32.Width - 1) / Row32.Width, (tiles + group - 1) / group, Math.Min(Device.MaxGridYZ, slots - first)),
                    new Index3D(1, group, 1)),
                LaunchPlan.LargestSerialGroup);
    }

    private static void Launch<TKernel>(Device device, in TKernel kernel, int tiles) where TKernel : struct, IGridKernel => device.ForGrid(
        kernel, new KernelConfig(new Index3D(tiles, 1, 1), new Index3D(TeamGemmLauncher.GroupSize, 1, 1)), TeamGemmLauncher.GroupSize);

    // Slots as groups of their own, a team per row of a matrix.
    private static void RowOuter(DeviceBuffer dy, DeviceBuffer x, SegmentLists groups, DeviceBuffer partial, int outputs, int inputs, int slots)
    {
        var starts = dy.Device.Allocate(slots + 1, "where slots begin");
        dy.Device.ForEach(new SlotStarts { Target = starts.Ints, Rows = Lists(groups), Shift = OuterShift }, slots + 1, 10f);
        EdgeNetwork.Moments(dy, x, new SegmentLists(starts, groups.Edges, groups.Rows), partial, outputs, inputs);
        starts.Free();
    }

    private static void Sum<TStore>(DeviceBuffer partial, SegmentLists groups, DeviceBuffer target, int outputs, int inputs) where TStore : struct, IStore =>
        target.Device.ForRows(
            new SlotSums<TStore>
            {
                Partial = partial.Floats,
                Total = target.Floats,
                Rows = Lists(groups),
                MatrixRows = outputs,
                Columns = inputs,
                Shift = OuterShift,
            },
            groups.Count * outputs, inputs);

    private static GroupedRows Lists(SegmentLists groups) =>
        new() { Starts = groups.Starts.Ints, Read = groups.Rows.Ints, Write = groups.Edges.Ints, Groups = groups.Count };
}
