using ILGPU;
using ILGPU.Runtime;

namespace GpuNets.Kernels;

/// <summary>Picks the type arguments of <see cref="TeamGemm{TTile, TSideA, TSideB, TAccess, TActivation}"/> and launches it.</summary>
internal static class TeamGemmLauncher
{
    /// <summary>Threads per group.</summary>
    public const int GroupSize = 256;

    public static void Run<TActivation>(Device device, in GemmOperands operands, in GemmSize size, in GemmGeometry geometry)
        where TActivation : struct, IUnaryOp
    {
        if (device.Accelerator.MaxNumThreadsPerGroup < GroupSize) Naive<TActivation>(device, operands, size, geometry);
        else if (GemmPlan.LargeTeams(size, device.Info.Units)) Tiled<LargeTeamTile, TActivation>(device, operands, size, geometry);
        else Tiled<SmallTeamTile, TActivation>(device, operands, size, geometry);
    }

    private static void Tiled<TTile, TActivation>(Device device, in GemmOperands operands, in GemmSize size, in GemmGeometry geometry)
        where TTile : struct, ITeamTile<TTile> where TActivation : struct, IUnaryOp
    {
        if (size.TransposeA) Sided<TTile, SideAlongLines, TActivation>(device, operands, size, geometry);
        else Sided<TTile, SideAlongK, TActivation>(device, operands, size, geometry);
    }

    private static void Sided<TTile, TSideA, TActivation>(Device device, in GemmOperands operands, in GemmSize size, in GemmGeometry geometry)
        where TTile : struct, ITeamTile<TTile> where TSideA : struct, ITeamSide where TActivation : struct, IUnaryOp
    {
        if (size.TransposeB) Sided<TTile, TSideA, SideAlongK, TActivation>(device, operands, size, geometry);
        else Sided<TTile, TSideA, SideAlongLines, TActivation>(device, operands, size, geometry);
    }

    private static void Sided<TTile, TSideA, TSideB, TActivation>(Device device, in GemmOperands operands, in GemmSize size, in GemmGeometry geometry)
        where TTile : struct, ITeamTile<TTile> where TSideA : struct, ITeamSide where TSideB : struct, ITeamSide where TActivation : struct, IUnaryOp
    {
        if (IsAligned(operands, size)) Launch<TTile, TSideA, TSideB, VectorAccess, TActivation>(device, operands, size, geometry);
        else Launch<TTile, TSideA, TSideB, ScalarAccess, TActivation>(device, operands, size, geometry);
    }

    private static bool IsAligned(in GemmOperands operands, in GemmSize size)
    {
        int sizes = (size.TransposeA ? size.M : size.K) | (size.TransposeB ? size.K : size.N) | size.N;
        int steps = size.LeadingA | size.LeadingB | size.LeadingC | (int)size.StrideA | (int)size.StrideB | (int)size.StrideC;
        return ((sizes | steps) & 3) == 0 &&
            IsAligned(operands.A) && IsAligned(operands.B) && IsAligned(operands.C) && IsAligned(operands.Bias);
    }

    // Blocks of the pool are, but a window of one may begin at any float.
    private static bool IsAligned(ArrayView<float> view) => (view.LoadEffectiveAddressAsPtr() & 15) == 0;

    // Devices whose groups are too small: some OpenCL GPUs, emulated ones.
    private static void Naive<TActivation>(Device device, in GemmOperands operands, in GemmSize size, in GemmGeometry geometry)
        where TActivation : struct, IUnaryOp =>
        device.ForEach(
            new NaiveGemm<TActivation> { A = operands.A, B = operands.B, C = operands.C, Bias = operands.Bias, Size = geometry },
            size.M * size.N * size.Batch, 0.5f * size.K);

    private static void Launch<TTile, TSideA, TSideB, TAccess, TActivation>(Device device, in GemmOperands operands, in GemmSize size, in GemmGeometry geometry)
        where TTile : struct, ITeamTile<TTile> where TSideA : struct, ITeamSide where TSideB : struct, ITeamSide
        where TAccess : struct, ITeamAccess where TActivation : struct, IUnaryOp
    {
        int columnTiles = (size.N + TTile.Width - 1) / TTile.Width;
        int tiles = checked((size.M + TTile.Width - 1) / TTile.Width * columnTiles);
        for (int product = 0; product < size.Batch; product += Device.MaxGridYZ)
            device.ForGrid(
                new TeamGemm<TTile, TSideA, TSideB, TAccess, TActivation>
                {
                    A = operands.A,
                    B = operands.B,
                    C = operands.C,
                    Bias = operands.Bias,
                    Size = geometry,
                    StepA = size.LeadingA,
                    StepB = size.LeadingB,
                    ColumnTiles = columnTiles,
                    FirstProduct = product,
                },
                new KernelConfig(new Index3D(tiles, Math.Min(Device.MaxGridYZ, size.Batch - product), 1), new Index3D(GroupSize, 1, 1)),
                GroupSize);
    }
}
