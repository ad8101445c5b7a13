using ILGPU;

namespace GpuNets.Kernels;

/// <summary>The one table of launch shapes. Figures: measured on PoCL 6 (groups) and by reasoning on occupancy (CUDA).</summary>
internal static class LaunchPlan
{
    /// <summary>Rows up to this length go to a warp, longer ones to a group.</summary>
    public const int LongestWarpRow = 2048;

    /// <summary>Most elements that threads take four by four: beyond it the index of the last thread would wrap.</summary>
    public const int MostInFours = int.MaxValue - 4 * DeviceEntries.Block;

    /// <summary>Most items per group of a serial row kernel.</summary>
    public const int LargestSerialGroup = 16;

    /// <summary>
    /// PoCL: rows per group. Many rows go in sixteens, which saves hand-overs of groups; few go one by one, to keep the cores busy. No
    /// other sizes: each costs PoCL a compilation.
    /// </summary>
    public static int SerialRowGroup(int rows, int units, int maximum) =>
        rows >= units * 4 * LargestSerialGroup ? Math.Min(LargestSerialGroup, maximum) : 1;

    /// <summary>Threads per group for a row of some length: a power of two, as <see cref="GroupThreads"/> needs.</summary>
    public static int RowGroup(int rowLength, int maximum)
    {
        int group = 32;
        while (group < GroupThreads.MaxSize && group < rowLength) group *= 2;
        while (group > maximum) group /= 2;
        return group;
    }

    /// <summary>Grid of so many groups, or fewer than 2^31 threads in total, which no backend exceeds.</summary>
    public static KernelConfig Grid(long groups, int groupSize)
    {
        if (groups * groupSize > int.MaxValue)
            throw new GpuNetsException($"Launch: {groups} groups of {groupSize} threads exceed 2^31 - 1.");
        return new KernelConfig((int)groups, groupSize);
    }
}
