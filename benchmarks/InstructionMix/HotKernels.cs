using GpuNets.Kernels;

namespace GpuNets.InstructionMix;

/// <summary>The kernels of the table. A family adds those whose inner loop decides its speed, with a shape of the issue or a paper.</summary>
internal static class HotKernels
{
    public static IReadOnlyList<HotKernel> All { get; } =
    [
        Gemm<TeamGemm<LargeTeamTile, SideAlongK, SideAlongLines, VectorAccess, NoActivation>>("gemm float32", 0.82, Precision.Float32),
        Gemm<TeamGemm<LargeTeamTile, SideAlongK, SideAlongK, VectorAccess, NoActivation>>("gemm float32, B^T", 0.82, Precision.Float32),
        Gemm<TeamGemm<LargeTeamTile, SideAlongLines, SideAlongLines, VectorAccess, NoActivation>>("gemm float32, A^T", 0.83, Precision.Float32),
        Gemm<TeamGemm<SmallTeamTile, SideAlongK, SideAlongLines, VectorAccess, NoActivation>>("gemm float32, small tile", 0.72, Precision.Float32, 1024),
        Gemm<TensorGemm<Tf32Format, TensorAlongK, TensorAlongLines, VectorAccess, NoActivation>>("gemm tf32", 0.13, Precision.Tf32),
        Gemm<TensorGemm<Tf32Format, TensorAlongK, TensorAlongK, VectorAccess, NoActivation>>("gemm tf32, B^T", 0.165, Precision.Tf32),
        Gemm<TensorGemm<Tf32Format, TensorAlongLines, TensorAlongLines, VectorAccess, NoActivation>>("gemm tf32, A^T", 0.095, Precision.Tf32),
        Gemm<TensorGemm<BFloat16Format, TensorAlongK, TensorAlongLines, VectorAccess, NoActivation>>("gemm bfloat16", 0.155, Precision.BFloat16),
        Gemm<TensorGemm<BFloat16Format, TensorAlongK, TensorAlongK, VectorAccess, NoActivation>>("gemm bfloat16, B^T", 0.16, Precision.BFloat16),
        Gemm<TensorGemm<BFloat16Format, TensorAlongLines, TensorAlongLines, VectorAccess, NoActivation>>("gemm bfloat16, A^T", 0.14, Precision.BFloat16),
    ];

    private static HotKernel Gemm<TKernel>(string name, double leastShare, Precision precision, int n = 4096) where TKernel : struct, ITeamGemm<TKernel>
    {
        int tiles = (n + TKernel.Width - 1) / TKernel.Width;
        return new(
            name, typeof(TKernel), nameof(DeviceEntries.WholeGrid), TeamGemmLauncher.GroupSize, $"{n}^3", 2.0 * n * n * n, 12.0 * n * n, leastShare, precision,
            tiles * tiles);
    }
}
