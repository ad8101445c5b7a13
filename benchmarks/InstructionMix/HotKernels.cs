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
        Warpgroups<WarpgroupGemm<Tf32Format, VectorAccess, NoActivation>>("gemm tf32, warpgroups", 0.057, Precision.Tf32),
        Warpgroups<WarpgroupGemm<BFloat16Format, VectorAccess, NoActivation>>("gemm bfloat16, warpgroups", 0.057, Precision.BFloat16),
        Pack<PackTerms<BFloat16Format, VectorAccess>>("gemm bfloat16, packing"),
        Pack<PackLines<BFloat16Format, VectorAccess>>("gemm bfloat16, packing, turned"),
        Grouped<TeamGroupedGemm<LargeTeamTile, SideAlongK, VectorAccess>>("grouped gemm", LargeTeamTile.Width, 128, 0.81),
        Grouped<TeamGroupedGemm<SmallTeamTile, SideAlongK, VectorAccess>>("grouped gemm, small tile", SmallTeamTile.Width, 64, 0.71),
        Grouped<TeamGroupedOuter<VectorAccess>>("grouped gemm, gradient of the matrices", 512, 64, 0.69),
        Conv<TeamTapConv<LargeTeamTile, VectorAccess, NoActivation>>("convolution", LargeTeamTile.Width, 0.80),
        Conv<TeamTapConv<SmallTeamTile, VectorAccess, NoActivation>>("convolution, small tile", SmallTeamTile.Width, 0.69),
        Conv<TeamTapGradient<SmallTeamTile, ScalarAccess>>("convolution, gradient of the weight", SmallTeamTile.Width, 0.67),
        Conv<TensorTapConv<Tf32Format, VectorAccess, NoActivation>>("convolution tf32", TensorSums.Lines, 0.12, Precision.Tf32),
        Conv<TensorTapConv<BFloat16Format, VectorAccess, NoActivation>>("convolution bfloat16", TensorSums.Lines, 0.14, Precision.BFloat16),
        Conv<TensorTapGradient<Tf32Format, VectorAccess>>("convolution tf32, gradient of the weight", TensorSums.Lines, 0.15, Precision.Tf32),
        Conv<TensorTapGradient<BFloat16Format, VectorAccess>>("convolution bfloat16, gradient of the weight", TensorSums.Lines, 0.13, Precision.BFloat16),
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
        TensorAttention<TensorAttentionKeys<TensorValueSide, Head128, NoExtras>>("attention bfloat16, gradient of the values, 128 wide", products: 2, 128, 0.30, wideLoads: false),
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

    // 3 x 3, 32 images of 64 x 64; on tensor cores with as many channels as fill a tile.
    private static HotKernel Conv<TKernel>(string name, int width, double leastShare, Precision precision = Precision.Float32) where TKernel : struct, IGridKernel
    {
        double positions = 32.0 * 64 * 64, channels = Math.Max(64, precision == Precision.Float32 ? 64 : width);
        return new(
            name, typeof(TKernel), nameof(DeviceEntries.WholeGrid), TeamGemmLauncher.GroupSize, $"32x{channels}x64x64, 3x3", 2 * positions * channels * channels * 9,
            8 * positions * channels, leastShare, precision, (int)(positions / width * Math.Ceiling(channels / width)), WideLoads: false);
    }

    // 8 samples, 16 heads, 1024 steps, heads 64 wide.
    private static HotKernel Attention<TKernel>(string name, int products, double leastShare) where TKernel : struct, IGridKernel
    {
        const double pairs = 8 * 16, time = 1024, size = 64;
        return new(
            name, typeof(TKernel), nameof(DeviceEntries.WholeGrid), TeamAttentionLauncher.GroupSize, "8x16x1024x64", products * 2 * pairs * time * time * size,
            16 * pairs * time * size, leastShare, Groups: (int)(pairs * time / TeamStages.Width));
    }

    private static HotKernel Warpgroups<TKernel>(string name, double leastShare, Precision precision) where TKernel : struct, IGridKernel
    {
        const double n = 4096, rows = WarpgroupGemmSize.Rows, columns = Warpgroup.Columns;
        double size = precision == Precision.BFloat16 ? 2 : 4;
        return new(
            name, typeof(TKernel), nameof(DeviceEntries.WholeGrid), WarpgroupGemmSize.GroupSize, $"{n}^3", 2 * n * n * n, (2 * size + 4) * n * n, leastShare, precision,
            (int)(n * n / rows / columns), CacheBytes: n * n * n * size * (1 / rows + 1 / columns), Warpgroups: true);
    }

    // 200,000 rows in 14 groups.
    private static HotKernel Grouped<TKernel>(string name, int rows, int size, double leastShare) where TKernel : struct, IGridKernel => new(
        name, typeof(TKernel), nameof(DeviceEntries.WholeGrid), TeamGemmLauncher.GroupSize, $"200000x{size}, {size}x{size} x 14", 2.0 * 200_000 * size * size, 8.0 * 200_000 * size,
        leastShare,
        Groups: 200_000 / rows + 14, WideLoads: false);

    // One operand of such a product.
    private static HotKernel Pack<TKernel>(string name) where TKernel : struct, IGridKernel =>
        new(name, typeof(TKernel), nameof(DeviceEntries.WholeGrid), 256, "4096^2", 0, 6.0 * 4096 * 4096, 0);

    // 16 samples, 16 heads, one query, 4096 keys that are read once.
    private static HotKernel Decode<TKernel>(string name, double leastShare) where TKernel : struct, IGridKernel
    {
        const double pairs = 16 * 16, keys = 4096, size = 64;
        return new(
            name, typeof(TKernel), nameof(DeviceEntries.WholeGrid), TeamAttentionLauncher.GroupSize, "16x16x1x4096x64", 4 * pairs * keys * size,
            8 * pairs * keys * size, leastShare, WideLoads: false);
    }

    // The attention of above with operands that are rounded already. The gradient of the values reads a number of each query besides.
    private static HotKernel TensorAttention<TKernel>(string name, int products, int size, double leastShare, bool wideLoads = true) where TKernel : struct, IGridKernel
    {
        const double pairs = 8 * 16, time = 1024;
        return new(
            name, typeof(TKernel), nameof(DeviceEntries.WholeGrid), TensorStages<Head64>.Threads, $"8x16x1024x{size}", products * 2 * pairs * time * time * size,
            10 * pairs * time * size, leastShare, Precision.BFloat16, Groups: (int)(pairs * time / TensorStages<Head64>.Rows),
            wideLoads, Shortest: true);
    }

    private static HotKernel Gemm<TKernel>(string name, double leastShare, Precision precision, int n = 4096) where TKernel : struct, ITeamGemm<TKernel>
    {
        int tiles = (n + TKernel.Width - 1) / TKernel.Width;
        return new(
            name, typeof(TKernel), nameof(DeviceEntries.WholeGrid), TeamGemmLauncher.GroupSize, $"{n}^3", 2.0 * n * n * n, 12.0 * n * n, leastShare, precision,
            tiles * tiles, CacheBytes: 8.0 * n * n * n / TKernel.Width);
    }
}
