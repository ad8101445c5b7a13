using System.Reflection;
using ILGPU;

namespace GpuNets.Kernels;

/// <summary>What ILGPU compiles: thin wrappers that map the grid to elements and rows.</summary>
internal static class DeviceEntries
{
    /// <summary>True for the entry of an <see cref="IGridKernel"/>.</summary>
    public static bool IsGrid(MethodInfo entry) => entry.IsGenericMethod && typeof(IGridKernel).IsAssignableFrom(entry.GetGenericArguments()[0]);

    public static void Elements<TKernel>(TKernel kernel, int count) where TKernel : struct, IElementKernel
    {
        int i = Grid.IdxX * Group.DimX + Group.IdxX;
        if (i < count) kernel.Run(new SingleElement(i));
    }

    /// <summary>Elements per thread of the entries in fours.</summary>
    public const int Four = 4;

    /// <summary>Four elements per thread; the last thread takes what is left one by one.</summary>
    public static void ElementFours<TKernel>(TKernel kernel, int count) where TKernel : struct, IElementKernel
    {
        int i = (Grid.IdxX * Group.DimX + Group.IdxX) * Four;
        if (i <= count - Four) kernel.Run(new FourElements(i));
        else for (; i < count; i++) kernel.Run(new SingleElement(i));
    }

    /// <summary>Threads per group of <see cref="ElementBlocks"/>.</summary>
    public const int Block = 256;

    /// <summary>
    /// Elements for a compiler that makes vector code of neighbouring work-items (PoCL): full groups run without a guard, which would
    /// cost half the speed, and the mask shows that the index does not wrap, without which nothing becomes vector code.
    /// Measured on PoCL 6: e^x 0.36 ns per element, against 2.7 without the mask, 1.8 with a guard.
    /// </summary>
    public static void ElementBlocks<TKernel>(TKernel kernel, int count) where TKernel : struct, IElementKernel
    {
        int start = (Grid.IdxX * Block) & (int.MaxValue - Block + 1);
        int i = start + Group.IdxX;
        if (start + Block <= count) kernel.Run(new SingleElement(i));
        else if (i < count) kernel.Run(new SingleElement(i));
    }

    public static void RowsSerial<TKernel>(TKernel kernel, int rows) where TKernel : struct, IRowKernel
    {
        int row = Grid.IdxX * Group.DimX + Group.IdxX;
        if (row < rows) kernel.Row<SerialTeam>(row);
    }

    public static void RowsByWarp<TKernel>(TKernel kernel, int rows) where TKernel : struct, IRowKernel
    {
        int row = (Grid.IdxX * Group.DimX + Group.IdxX) / WarpThreads.Width;
        if (row < rows) kernel.Row<ThreadTeam<WarpThreads>>(row);
    }

    public static void RowsByWarpInFours<TKernel>(TKernel kernel, int rows) where TKernel : struct, IRowKernel
    {
        int row = (Grid.IdxX * Group.DimX + Group.IdxX) / WarpThreads.Width;
        if (row < rows) kernel.Row<ThreadFours<WarpThreads>>(row);
    }

    public static void RowsByGroupInFours<TKernel>(TKernel kernel, int rows) where TKernel : struct, IRowKernel
    {
        kernel.Row<ThreadFours<GroupThreads>>(Grid.IdxX);
    }

    public static void RowsByGroup<TKernel>(TKernel kernel, int rows) where TKernel : struct, IRowKernel
    {
        kernel.Row<ThreadTeam<GroupThreads>>(Grid.IdxX);
    }

    public static void ByGroup<TKernel>(TKernel kernel, int groups) where TKernel : struct, IGroupKernel
    {
        kernel.Run(Grid.IdxX);
    }

    /// <summary>
    /// Elements of rows, whole groups to a row: the row is the same for all threads of a group, and addresses are linear in the thread.
    /// Guard and mask as in <see cref="ElementBlocks"/>; a row has fewer than 2^30 elements.
    /// </summary>
    public static void RowElements<TKernel>(TKernel kernel, int columns) where TKernel : struct, IRowElementKernel
    {
        int groups = (columns + Group.DimX - 1) / Group.DimX;
        int row = Grid.IdxX / groups;
        int start = ((Grid.IdxX - row * groups) * Group.DimX) & 0x3FFFFFFF;
        int i = start + Group.IdxX;
        if (start + Group.DimX <= columns) kernel.Run(row, new SingleElement(i));
        else if (i < columns) kernel.Run(row, new SingleElement(i));
    }

    /// <summary>Elements of rows, four per thread; rows are a multiple of four long.</summary>
    public static void RowElementFours<TKernel>(TKernel kernel, int columns) where TKernel : struct, IRowElementKernel
    {
        int groups = (columns + Four * Group.DimX - 1) / (Four * Group.DimX);
        int row = Grid.IdxX / groups;
        int i = ((Grid.IdxX - row * groups) * Group.DimX + Group.IdxX) * Four;
        if (i < columns) kernel.Run(row, new FourElements(i));
    }

    public static void WholeGrid<TKernel>(TKernel kernel, int unused) where TKernel : struct, IGridKernel => kernel.Run();
}
