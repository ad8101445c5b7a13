using ILGPU;

namespace GpuNets.Kernels;

/// <summary>
/// Copies op(B) into panels [product][panel][k][32] for <see cref="ItemGemm{TRows}"/>; columns beyond N are zero. One item
/// copies a row of a panel: 32 columns at one k.
/// </summary>
internal struct PackPanels : IGridKernel
{
    public ArrayView<float> B, Panels;
    public GemmGeometry Size;

    /// <summary>First panel of B that is packed; it becomes the first of the target.</summary>
    public int FirstPanel;
    public int FirstProduct;

    public readonly void Run()
    {
        int k = Grid.IdxY * Group.DimX + Group.IdxX, column = (FirstPanel + Grid.IdxX) * Row32.Width;
        if (k >= Size.K) return;
        long from = (FirstProduct + Grid.IdxZ) * Size.StrideB + (long)k * Size.BStep + (long)column * Size.BColumn;
        long to = (((FirstProduct + (long)Grid.IdxZ) * Grid.DimX + Grid.IdxX) * Size.K + k) * Row32.Width;
        int count = Size.N - column;
        for (int i = 0; i < Row32.Width; i++)
        {
            float value = 0f;
            if (i < count) value = B[from + (long)i * Size.BColumn];
            Panels[to + i] = value;
        }
    }
}
