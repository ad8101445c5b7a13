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
        Decode<TeamDecode<VectorAccess, Decode64, WarpHalves>>("attention, decoding", 0.11),
        TensorAttention<TensorAttention<Head64, NoExtras>>("attention bfloat16", products: 2, 64, 0.18),
        TensorAttention<TensorAttention<Head128, NoExtras>>("attention bfloat16, 128 wide", products: 2, 128, 0.21),
        TensorAttention<TensorAttentionQueries<Head64, NoExtras>>("attention bfloat16, gradient of the queries", products: 3, 64, 0.27),
        TensorAttention<TensorAttentionQueries<Head128, NoExtras>>("attention bfloat16, gradient of the queries, 128 wide", products: 3, 128, 0.36),
        TensorAttention<TensorAttentionKeys<TensorBothSides, Head64, NoExtras>>("attention bfloat16, gradient of keys and values", products: 4, 64, 0.27),
        TensorAttention<TensorAttentionKeys<TensorBothSides, Head96, NoExtras>>("attention bfloat16, gradient of keys and values, 96 wide", products: 4, 96, 0.31),
        TensorAttention<TensorAttentionKeys<TensorKeySide, Head128, NoExtras>>("attention bfloat16, gradient of the keys, 128 wide", products: 3, 128, 0.32),
        TensorAttention<TensorAttentionKeys<TensorValueSide, Head128, NoExtras>>("attention bfloat16, gradient of the values, 128 wide", products: 2, 128, 0.30),
    ];

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

    // 16 samples, 16 heads, one query, 4096 keys that are read once.
    private static HotKernel Decode<TKernel>(string name, double leastShare) where TKernel : struct, IGridKernel
    {
        const double pairs = 16 * 16, keys = 4096, size = 64;
        return new(
            name, typeof(TKernel), nameof(DeviceEntries.WholeGrid), TeamAttentionLauncher.GroupSize, "16x16x1x4096x64", 4 * pairs * keys * size,
            8 * pairs * keys * size, leastShare, WideLoads: false);
    }

    // The attention of above with operands that are rounded already.
    private static HotKernel TensorAttention<TKernel>(string name, int products, int size, double leastShare) where TKernel : struct, IGridKernel
    {
        const double pairs = 8 * 16, time = 1024;
        return new(
            name, typeof(TKernel), nameof(DeviceEntries.WholeGrid), TensorStages<Head64>.Threads, $"8x16x1024x{size}", products * 2 * pairs * time * time * size,
            10 * pairs * time * size, leastShare, Precision.BFloat16, Groups: (int)(pairs * time / TensorStages<Head64>.Rows),
            Shortest: true);
    }

    private static HotKernel Gemm<TKernel>(string name, double leastShare, Precision precision, int n = 4096) where TKernel : struct, ITeamGemm<TKernel>
    {
        int tiles = (n + TKernel.Width - 1) / TKernel.Width;
        return new(
            name, typeof(TKernel), nameof(DeviceEntries.WholeGrid), TeamGemmLauncher.GroupSize, $"{n}^3", 2.0 * n * n * n, 12.0 * n * n, leastShare, precision,
            tiles * tiles);
    }
}
