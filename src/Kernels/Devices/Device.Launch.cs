using GpuNets.Kernels;
using ILGPU;

namespace GpuNets;

public sealed partial class Device
{
    // OpenCL sets arguments on the kernel object: two threads that launch one kernel would mix them.
    private static readonly Lock s_launchLock = new();

    /// <summary>Runs an elementwise kernel over <paramref name="count"/> elements.</summary>
    /// <param name="kernel">The kernel with its arguments.</param>
    /// <param name="count">Number of elements.</param>
    /// <param name="nanosecondsEach">Time of an element on one host core; decides whether threads are worth waking.</param>
    internal void ForEach<TKernel>(in TKernel kernel, int count, float nanosecondsEach = 0.3f) where TKernel : struct, IElementKernel
    {
        if (count == 0) return;
        Launches++;
        if (Form == ExecutionForm.Host)
        {
            HostLaunch.Elements(Workers, kernel, count, nanosecondsEach);
            return;
        }
        int group = Math.Min(DeviceEntries.Block, Accelerator.MaxNumThreadsPerGroup);
        if (Form == ExecutionForm.Warp && TKernel.InFours && count <= LaunchPlan.MostInFours)
        {
            var inFours = _kernels.Get<TKernel>(nameof(DeviceEntries.ElementFours), group);
            int each = group * DeviceEntries.Four;
            Launch(inFours, LaunchPlan.Grid((count + each - 1) / each, group), kernel, count);
            return;
        }
        bool blocks = Form == ExecutionForm.Serial && group == DeviceEntries.Block;
        var run = _kernels.Get<TKernel>(blocks ? nameof(DeviceEntries.ElementBlocks) : nameof(DeviceEntries.Elements), group);
        var grid = LaunchPlan.Grid(((long)count + group - 1) / group, group);
        Launch(run, grid, kernel, count);
    }

    /// <summary>Runs an elementwise kernel over <paramref name="rows"/> rows of <paramref name="columns"/> elements.</summary>
    /// <param name="kernel">The kernel with its arguments.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="columns">Elements of a row.</param>
    /// <param name="nanosecondsEach">Time of an element on one host core.</param>
    internal void ForRowElements<TKernel>(in TKernel kernel, int rows, int columns, float nanosecondsEach = 0.3f)
        where TKernel : struct, IRowElementKernel
    {
        if (rows == 0 || columns == 0) return;
        Launches++;
        if (Form == ExecutionForm.Host)
        {
            HostLaunch.RowElements(Workers, kernel, rows, columns, nanosecondsEach);
            return;
        }
        bool inFours = Form == ExecutionForm.Warp && TKernel.InFours && columns % DeviceEntries.Four == 0;
        int threads = inFours ? columns / DeviceEntries.Four : columns;
        int group = LaunchPlan.RowGroup(threads, Accelerator.MaxNumThreadsPerGroup);
        // Compiled for the largest group, since the kernel is cached for all row lengths.
        var run = _kernels.Get<TKernel>(
            inFours ? nameof(DeviceEntries.RowElementFours) : nameof(DeviceEntries.RowElements),
            Math.Min(GroupThreads.MaxSize, Accelerator.MaxNumThreadsPerGroup));
        var grid = LaunchPlan.Grid((long)rows * ((threads + group - 1) / group), group);
        Launch(run, grid, kernel, columns);
    }

    /// <summary>Runs a row kernel over <paramref name="rows"/> rows.</summary>
    /// <param name="kernel">The kernel with its arguments.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="rowLength">Elements that a row's team shares; picks the team on GPUs.</param>
    /// <param name="nanosecondsEach">Time of a row on one host core; by default 0.5 ns per element.</param>
    internal void ForRows<TKernel>(in TKernel kernel, int rows, int rowLength, float nanosecondsEach = 0f) where TKernel : struct, IRowKernel
    {
        if (rows == 0) return;
        Launches++;
        if (Form == ExecutionForm.Host)
        {
            HostLaunch.Rows(Workers, kernel, rows, nanosecondsEach > 0 ? nanosecondsEach : 20f + 0.5f * rowLength);
            return;
        }
        int maximum = Accelerator.MaxNumThreadsPerGroup;
        bool inFours = Form == ExecutionForm.Warp && TKernel.InFours && rowLength % DeviceEntries.Four == 0;
        string entry;
        int group, largest;   // a kernel is compiled once, for the largest group it will ever be launched with
        long groups;
        if (Form == ExecutionForm.Serial)
        {
            entry = nameof(DeviceEntries.RowsSerial);
            group = LaunchPlan.SerialRowGroup(rows, Info.Units, maximum);
            largest = Math.Min(LaunchPlan.LargestSerialGroup, maximum);
            groups = ((long)rows + group - 1) / group;
        }
        else if (Form == ExecutionForm.Warp && rowLength <= LaunchPlan.LongestWarpRow && rows >= Info.Units)
        {
            entry = inFours ? nameof(DeviceEntries.RowsByWarpInFours) : nameof(DeviceEntries.RowsByWarp);
            group = largest = Math.Min(128, maximum);
            int warps = group / WarpThreads.Width;
            groups = ((long)rows + warps - 1) / warps;
        }
        else
        {
            entry = inFours ? nameof(DeviceEntries.RowsByGroupInFours) : nameof(DeviceEntries.RowsByGroup);
            group = LaunchPlan.RowGroup(inFours ? rowLength / DeviceEntries.Four : rowLength, maximum);
            largest = LaunchPlan.RowGroup(int.MaxValue, maximum);
            groups = rows;
        }
        var run = _kernels.Get<TKernel>(entry, largest);
        var grid = LaunchPlan.Grid(groups, group);
        Launch(run, grid, kernel, rows);
    }

    /// <summary>As <see cref="ForRows"/>, for a kernel that has a form of its own for the host.</summary>
    /// <param name="kernel">The kernel with its arguments.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="rowLength">Elements of a row.</param>
    /// <param name="nanosecondsEach">Time of a row on one host core.</param>
    internal void ForWholeRows<TKernel>(in TKernel kernel, int rows, int rowLength, float nanosecondsEach)
        where TKernel : struct, IRowKernel, IHostRows
    {
        if (Form == ExecutionForm.Host) ForHostRows(kernel, rows, nanosecondsEach);
        else ForRows(kernel, rows, rowLength);
    }

    /// <summary>Runs a kernel that is for the host alone, where another form takes its place on other devices.</summary>
    /// <param name="kernel">The kernel with its arguments.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="nanosecondsEach">Time of a row on one core.</param>
    internal void ForHostRows<TKernel>(in TKernel kernel, int rows, float nanosecondsEach) where TKernel : struct, IHostRows
    {
        if (rows == 0) return;
        Launches++;
        HostLaunch.WholeRows(Workers, kernel, rows, nanosecondsEach);
    }

    /// <summary>Runs a kernel of cooperating threads (devices of the group and warp forms alone).</summary>
    /// <param name="kernel">The kernel with its arguments.</param>
    /// <param name="groups">Number of groups.</param>
    /// <param name="groupSize">Threads per group, or fewer on a device that has no such groups.</param>
    /// <param name="largest">Most threads per group with which this kernel is ever launched; by default always so many.</param>
    /// <param name="sharedFloats">Floats of dynamic shared memory, a multiple of four (see <see cref="SharedMemoryLimit"/>).</param>
    internal void ForGroups<TKernel>(in TKernel kernel, int groups, int groupSize, int largest = 0, int sharedFloats = 0) where TKernel : struct, IGroupKernel
    {
        if (groups == 0) return;
        Launches++;
        int size = Math.Min(groupSize, Accelerator.MaxNumThreadsPerGroup);
        var run = _kernels.Get<TKernel>(nameof(DeviceEntries.ByGroup), Math.Min(Math.Max(groupSize, largest), Accelerator.MaxNumThreadsPerGroup));
        var grid = LaunchPlan.Grid(groups, size);
        if (sharedFloats > 0) grid = new KernelConfig(grid.GridDim, grid.GroupDim, SharedMemoryConfig.RequestDynamic<Float4>(sharedFloats / 4));
        Launch(run, grid, kernel, groups);
    }
}
