using ILGPU;
using ILGPU.Runtime;

namespace GpuNets.Kernels;

/// <summary>
/// y[write] (+)= x[read] op(B[g]) for every entry of every group g: B is [groups, terms, columns], or [groups, columns, terms] if transposed.
/// Entry e reads row <c>Groups.Rows[e]</c> of x and writes row <c>Groups.Edges[e]</c> of y; each row of y is written by one entry.
/// </summary>
internal sealed record GroupedProduct(
    DeviceBuffer X, DeviceBuffer Matrices, SegmentLists Groups, DeviceBuffer Y, int Terms, int Columns, bool TransposeB, bool Accumulate)
{
    public Device Device => Y.Device;
}

/// <summary>Products of rows with the matrix of their group, in one launch however many groups there are. The same input gives the same bits.</summary>
internal static class GroupedGemm
{
    private const int SmallShift = 6, LargeShift = 7;   // rows of a tile

    public static void Run(GroupedProduct product)
    {
        var (device, terms, columns) = (product.Device, product.Terms, product.Columns);
        if (product.Groups.Entries == 0 || columns == 0) return;
        if (device.Form == ExecutionForm.Host) Host(product);
        else if (device.Form == ExecutionForm.Serial) Items(product);
        else if (device.Accelerator.MaxNumThreadsPerGroup < TeamGemmLauncher.GroupSize) Naive(product);
        else if (((terms | columns) & 3) == 0) Teams<VectorAccess>(product);
        else Teams<ScalarAccess>(product);
    }

    /// <summary>A group of threads per tile.</summary>
    public static void Launch<TKernel>(Device device, in TKernel kernel, int tiles) where TKernel : struct, IGridKernel => device.ForGrid(
        kernel, new KernelConfig(new Index3D(tiles, 1, 1), new Index3D(TeamGemmLauncher.GroupSize, 1, 1)), TeamGemmLauncher.GroupSize);

    private static void Host(GroupedProduct product)
    {
        product.Device.Launches++;
        var problem = HostGroupedProblem.Of(product.X, product.Matrices, product.Groups, product.Y, product.Terms, product.Columns);
        problem.TransposeB = product.TransposeB;
        problem.Accumulate = product.Accumulate;
        HostGroupedGemm.Run(product.Device.Workers, problem, product.Groups.Entries);
    }

    private static void Items(GroupedProduct product)
    {
        var (device, groups, columns) = (product.Device, product.Groups, product.Columns);
        int panels = (columns + Row32.Width - 1) / Row32.Width, pitch = panels * Row32.Width, rows = groups.Entries;
        var packed = ItemGemmLauncher.Pack(
            device, product.Matrices.Floats, new GemmSize(1, columns, product.Terms, groups.Count, transposeB: product.TransposeB));
        // Rows of whole panels have no room in y, and panels do not add.
        var sums = pitch == columns && !product.Accumulate ? null : device.Allocate(checked(rows * pitch), "sums in whole panels");
        int slots = GroupedRows.Slots(rows, groups.Count, ItemGroupedGemm.Shift);
        int group = Math.Min(GemmPlan.ItemGroup(slots), device.Accelerator.MaxNumThreadsPerGroup), sets = (slots + group - 1) / group;
        for (int first = 0; first < sets; first += Device.MaxGridYZ)
            device.ForGrid(
                new ItemGroupedGemm
                {
                    X = product.X.Floats,
                    Panels = (packed ?? product.Matrices).Floats,
                    Y = (sums ?? product.Y).Floats,
                    Rows = GroupedRows.Of(groups),
                    Terms = product.Terms,
                    Pitch = pitch,
                    FirstSlot = first * group,
                },
                new KernelConfig(new Index3D(panels, Math.Min(Device.MaxGridYZ, sets - first), 1), new Index3D(1, group, 1)), LaunchPlan.LargestSerialGroup);
        packed?.Free();
        if (sums is null) return;
        if (product.Accumulate) Cut<Accumulate>(sums, product.Y, rows, pitch, columns);
        else Cut<Write>(sums, product.Y, rows, pitch, columns);
        sums.Free();
    }

    private static void Cut<TStore>(DeviceBuffer sums, DeviceBuffer y, int rows, int pitch, int columns) where TStore : struct, IStore =>
        y.Device.ForRows(new CutRows<TStore> { Sums = sums.Floats, Y = y.Floats, Pitch = pitch, Columns = columns }, rows, columns);

    private static void Naive(GroupedProduct product)
    {
        var groups = product.Groups;
        product.Device.ForEach(
            new NaiveGroupedGemm
            {
                X = product.X.Floats,
                Matrices = product.Matrices.Floats,
                Y = product.Y.Floats,
                Starts = groups.Starts.Ints,
                Read = groups.Rows.Ints,
                Write = groups.Edges.Ints,
                Groups = groups.Count,
                Terms = product.Terms,
                Columns = product.Columns,
                StepK = product.TransposeB ? 1 : product.Columns,
                StepColumn = product.TransposeB ? product.Terms : 1,
                Accumulate = product.Accumulate ? 1 : 0,
            },
            checked(groups.Entries * product.Columns), 0.5f * product.Terms);
    }

    private static void Teams<TAccess>(GroupedProduct product) where TAccess : struct, ITeamAccess
    {
        // Large tiles where groups fill them.
        bool isLarge = product.Columns > 64 && product.Groups.Entries >= 128L * product.Groups.Count;
        switch (isLarge, product.TransposeB)
        {
            case (false, false): Team<SmallTeamTile, SideAlongLines, TAccess>(product, SmallShift); break;
            case (false, true): Team<SmallTeamTile, SideAlongK, TAccess>(product, SmallShift); break;
            case (true, false): Team<LargeTeamTile, SideAlongLines, TAccess>(product, LargeShift); break;
            default: Team<LargeTeamTile, SideAlongK, TAccess>(product, LargeShift); break;
        }
    }

    private static void Team<TTile, TSideB, TAccess>(GroupedProduct product, int shift)
        where TTile : struct, ITeamTile<TTile> where TSideB : struct, ITeamSide where TAccess : struct, ITeamAccess
    {
        int columnTiles = (product.Columns + TTile.Width - 1) / TTile.Width;
        Launch(
            product.Device,
            new TeamGroupedGemm<TTile, TSideB, TAccess>
            {
                X = product.X.Floats,
                Matrices = product.Matrices.Floats,
                Y = product.Y.Floats,
                Rows = GroupedRows.Of(product.Groups),
                Terms = product.Terms,
                Columns = product.Columns,
                StepB = product.TransposeB ? product.Terms : product.Columns,
                ColumnTiles = columnTiles,
                Shift = shift,
                Accumulate = product.Accumulate ? 1 : 0,
            },
            checked(GroupedRows.Slots(product.Groups.Entries, product.Groups.Count, shift) * columnTiles));
    }
}
