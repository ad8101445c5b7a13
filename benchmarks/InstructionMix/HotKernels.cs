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
        Conv<TeamTapConv<LargeTeamTile, VectorAccess, NoActivation>>("convolution", LargeTeamTile.Width, 0.80),
        Conv<TeamTapConv<SmallTeamTile, VectorAccess, NoActivation>>("convolution, small tile", SmallTeamTile.Width, 0.69),
        Conv<TeamTapGradient<SmallTeamTile>>("convolution, gradient of the weight", SmallTeamTile.Width, 0.67),
        Attention<TeamAttention<VectorAccess, Columns64, WarpHalves>>("attention", products: 2, 0.72),
        Attention<TeamAttentionQueries<VectorAccess, Columns64>>("attention, gradient of the queries", products: 3, 0.71),
        Attention<TeamAttentionKeys<KeySide, VectorAccess, Columns64>>("attention, gradient of the keys", products: 3, 0.71),
        Attention<TeamAttentionKeys<ValueSide, VectorAccess, Columns64>>("attention, gradient of the values", products: 2, 0.72),
        Sequence<TeamForward<LstmUnits, FourRows>>("LSTM, whole sequence", 0.3),
        Sequence<TeamBackward<LstmUnits, FourRows, WithOutputGradient>>("LSTM, whole sequence, gradient", 0.3),
    ];

    // 100 units, 528 rows of 100 steps: four rows to a group on each of 132 multiprocessors. Bytes: gates in and out, states, output.
    private static HotKernel Sequence<TKernel>(string name, double leastShare) where TKernel : struct, IGroupKernel
    {
        const double units = 100, rows = 528, time = 100;
        return new(
            name, typeof(TKernel), nameof(DeviceEntries.ByGroup), GroupThreads.MaxSize, "100x528x100", 2 * time * rows * 4 * units * units, 4 * time * rows * 11 * units,
            leastShare, Groups: (int)(rows / FourRows.Count), WideLoads: false);
    }

    // 3 x 3, 64 to 64 channels, 32 images of 64 x 64.
    private static HotKernel Conv<TKernel>(string name, int width, double leastShare) where TKernel : struct, IGridKernel
    {
        double positions = 32.0 * 64 * 64;
        return new(
            name, typeof(TKernel), nameof(DeviceEntries.WholeGrid), TeamGemmLauncher.GroupSize, "32x64x64x64, 3x3", 2 * positions * 64 * 64 * 9, 8 * positions * 64,
            leastShare, Groups: (int)(positions / width) * ((64 + width - 1) / width), WideLoads: false);
    }

    // 8 samples, 16 heads, 1024 steps, heads 64 wide.
    private static HotKernel Attention<TKernel>(string name, int products, double leastShare) where TKernel : struct, IGridKernel
    {
        const double pairs = 8 * 16, time = 1024, size = 64;
        return new(
            name, typeof(TKernel), nameof(DeviceEntries.WholeGrid), TeamAttentionLauncher.GroupSize, "8x16x1024x64", products * 2 * pairs * time * time * size,
            16 * pairs * time * size, leastShare, Groups: (int)(pairs * time / TeamStages.Width));
    }

    private static HotKernel Gemm<TKernel>(string name, double leastShare, Precision precision, int n = 4096) where TKernel : struct, ITeamGemm<TKernel>
    {
        int tiles = (n + TKernel.Width - 1) / TKernel.Width;
        return new(
            name, typeof(TKernel), nameof(DeviceEntries.WholeGrid), TeamGemmLauncher.GroupSize, $"{n}^3", 2.0 * n * n * n, 12.0 * n * n, leastShare, precision,
            tiles * tiles);
    }
}
