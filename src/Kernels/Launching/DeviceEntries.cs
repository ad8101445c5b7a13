using ILGPU;

namespace GpuNets.Kernels;

/// <summary>What ILGPU compiles: thin wrappers that map the grid to elements and rows.</summary>
internal static class DeviceEntries
{
    public static void Elements<TKernel>(TKernel kernel, int count) where TKernel : struct, IElementKernel
    {
        int i = Grid.IdxX * Group.DimX + Group.IdxX;
        if (i < count) kernel.Run(new SingleElement(i));
    }

    public static void RowsSerial<TKernel>(TKernel kernel, int rows) where TKernel : struct, IRowKernel
    {
        int row = Grid.IdxX * Group.DimX + Group.IdxX;
        if (row < rows) kernel.Row<SerialTeam>(row);
    }

    public static void RowsByWarp<TKernel>(TKernel kernel, int rows) where TKernel : struct, IRowKernel
    {
        int row = (Grid.IdxX * Group.DimX + Group.IdxX) / WarpTeam.Width;
        if (row < rows) kernel.Row<WarpTeam>(row);
    }

    public static void RowsByGroup<TKernel>(TKernel kernel, int rows) where TKernel : struct, IRowKernel
    {
        kernel.Row<GroupTeam>(Grid.IdxX);
    }
}
