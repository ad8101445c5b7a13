using ILGPU;
using ILGPU.Runtime;

namespace GpuNets.Kernels;

/// <summary>
/// Sums of outer products per group: dB[g] (+)= sum of dy[write] x[read]^T over the entries of g. Entries are cut into slots with sums of
/// their own, which are added in order, so that the same input gives the same bits.
/// </summary>
internal static class GroupedOuter
{
    // 512 entries per partial sum: enough to outweigh writing and reading it, few enough for many groups of threads.
    private const int Shift = 9;

    /// <summary>The target is [groups, outputs, inputs].</summary>
    public static void Run(DeviceBuffer dy, DeviceBuffer x, SegmentLists groups, DeviceBuffer target, int outputs, int inputs, bool accumulate)
    {
        if (target.Length == 0) return;
        var device = target.Device;
        int slots = GroupedRows.Slots(groups.Entries, groups.Count, Shift);
        var partial = device.Allocate(checked(slots * outputs * inputs), "partial sums of outer products");
        var sums = new Sums(dy, x, groups, partial, outputs, inputs, slots);
        if (device.Form == ExecutionForm.Host) Host(sums);
        else if (device.Form == ExecutionForm.Serial && inputs >= Row32.Width) Items(sums);
        else if (device.Form == ExecutionForm.Serial || device.Accelerator.MaxNumThreadsPerGroup < TeamGemmLauncher.GroupSize) Rows(sums);
        else if (((outputs | inputs) & 3) == 0) Teams<VectorAccess>(sums);
        else Teams<ScalarAccess>(sums);
        if (accumulate) Total<Accumulate>(sums, target);
        else Total<Write>(sums, target);
        partial.Free();
    }

    private static void Host(Sums sums)
    {
        sums.Device.Launches++;
        var problem = HostGroupedProblem.Of(sums.X, sums.Partial, sums.Groups, sums.Dy, sums.Inputs, sums.Outputs);
        HostGroupedGemm.Outer(sums.Device.Workers, problem, sums.Groups.Entries, Shift);
    }

    private static void Items(Sums sums)
    {
        int tiles = (sums.Outputs + 3) / 4, group = Math.Min(GemmPlan.ItemGroup(tiles), sums.Device.Accelerator.MaxNumThreadsPerGroup);
        for (int first = 0; first < sums.Slots; first += Device.MaxGridYZ)
            sums.Device.ForGrid(
                new ItemGroupedOuter
                {
                    DY = sums.Dy.Floats,
                    X = sums.X.Floats,
                    Partial = sums.Partial.Floats,
                    Rows = GroupedRows.Of(sums.Groups),
                    Outputs = sums.Outputs,
                    Inputs = sums.Inputs,
                    Shift = Shift,
                    FirstSlot = first,
                },
                new KernelConfig(
                    new Index3D((sums.Inputs + Row32.Width - 1) / Row32.Width, (tiles + group - 1) / group, Math.Min(Device.MaxGridYZ, sums.Slots - first)),
                    new Index3D(1, group, 1)),
                LaunchPlan.LargestSerialGroup);
    }

    private static void Teams<TAccess>(Sums sums) where TAccess : struct, ITeamAccess
    {
        int rowTiles = (sums.Outputs + SmallTeamTile.Width - 1) / SmallTeamTile.Width, columnTiles = (sums.Inputs + SmallTeamTile.Width - 1) / SmallTeamTile.Width;
        GroupedGemm.Launch(
            sums.Device,
            new TeamGroupedOuter<TAccess>
            {
                DY = sums.Dy.Floats,
                X = sums.X.Floats,
                Partial = sums.Partial.Floats,
                Rows = GroupedRows.Of(sums.Groups),
                Outputs = sums.Outputs,
                Inputs = sums.Inputs,
                RowTiles = rowTiles,
                ColumnTiles = columnTiles,
                Shift = Shift,
            },
            checked(sums.Slots * rowTiles * columnTiles));
    }

    // Slots as groups of their own, a team per row of a matrix.
    private static void Rows(Sums sums)
    {
        var starts = sums.Device.Allocate(sums.Slots + 1, "where slots begin");
        sums.Device.ForEach(new SlotStarts { Target = starts.Ints, Rows = GroupedRows.Of(sums.Groups), Shift = Shift }, sums.Slots + 1, 10f);
        EdgeNetwork.Moments(sums.Dy, sums.X, new SegmentLists(starts, sums.Groups.Edges, sums.Groups.Rows), sums.Partial, sums.Outputs, sums.Inputs);
        starts.Free();
    }

    private static void Total<TStore>(Sums sums, DeviceBuffer target) where TStore : struct, IStore =>
        target.Device.ForRows(
            new SlotSums<TStore>
            {
                Partial = sums.Partial.Floats,
                Total = target.Floats,
                Rows = GroupedRows.Of(sums.Groups),
                MatrixRows = sums.Outputs,
                Columns = sums.Inputs,
                Shift = Shift,
            },
            sums.Groups.Count * sums.Outputs, sums.Inputs);

    /// <summary>Partial sums, [slots, outputs, inputs], and what they are made of.</summary>
    private sealed record Sums(DeviceBuffer Dy, DeviceBuffer X, SegmentLists Groups, DeviceBuffer Partial, int Outputs, int Inputs, int Slots)
    {
        public Device Device => Dy.Device;
    }
}
