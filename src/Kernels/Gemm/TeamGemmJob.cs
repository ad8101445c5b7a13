using ILGPU;
using ILGPU.Runtime;

namespace GpuNets.Kernels;

/// <summary>A GPU form of the matrix product: all forms take the same arguments.</summary>
internal interface ITeamGemm<TSelf> : IGridKernel where TSelf : struct, ITeamGemm<TSelf>
{
    /// <summary>Rows and columns of C per group.</summary>
    static abstract int Width { get; }

    static abstract TSelf Create(in GemmOperands operands, in GemmGeometry size, in GemmPart part);
}

/// <summary>A batch of products that a GPU form computes; part s of the sums goes to C at s times PartStep.</summary>
internal readonly record struct TeamGemmJob(
    Device Device, GemmOperands Operands, GemmSize Size, GemmGeometry Geometry, TeamGemmPlan Plan, int PartStep)
{
    public void Launch<TKernel>() where TKernel : struct, ITeamGemm<TKernel>
    {
        int columnTiles = (Size.N + TKernel.Width - 1) / TKernel.Width;
        int tiles = checked((Size.M + TKernel.Width - 1) / TKernel.Width * columnTiles);
        for (int product = 0; product < Size.Batch; product += Device.MaxGridYZ)
        {
            var part = Part(columnTiles, product);
            var grid = new Index3D(tiles, Math.Min(Device.MaxGridYZ, Size.Batch - product), Plan.Parts);
            Device.ForGrid(
                TKernel.Create(Operands, Geometry, part), new KernelConfig(grid, new Index3D(TeamGemmLauncher.GroupSize, 1, 1)),
                TeamGemmLauncher.GroupSize);
        }
    }

    /// <summary>How the groups of a launch cover the work.</summary>
    public GemmPart Part(int columnTiles, int firstProduct) => new()
    {
        ColumnTiles = columnTiles,
        FirstProduct = firstProduct,
        StepA = Size.LeadingA,
        StepB = Size.LeadingB,
        Terms = Plan.Terms(Size.K),
        PartStep = PartStep,
    };

    /// <summary>True if all operands can be read and written four floats at a time.</summary>
    public bool IsAligned
    {
        get
        {
            int sizes = (Size.TransposeA ? Size.M : Size.K) | (Size.TransposeB ? Size.K : Size.N) | Size.N;
            int steps = Size.LeadingA | Size.LeadingB | Size.LeadingC | (int)Size.StrideA | (int)Size.StrideB | (int)Size.StrideC | PartStep;
            return ((sizes | steps) & 3) == 0 && At(Operands.A) && At(Operands.B) && At(Operands.C) && At(Operands.Old) && At(Operands.Bias);
        }
    }

    // Blocks of the pool are, but a window of one may begin at any float.
    private static bool At(ArrayView<float> view) => (view.LoadEffectiveAddressAsPtr() & 15) == 0;
}
