namespace GpuNets.Peers;

/// <summary>All cases.</summary>
internal static class Catalogue
{
    public static IReadOnlyList<PeerCase> Cases { get; } =
    [
        NtmTraining(1), NtmTraining(16),
        .. LargeCases.All,
        Gemm(256), Gemm(512), Gemm(1024), Gemm(2048), BatchedGemm(),
        Lstm(), SmallOps(),
    ];

    private static PeerCase NtmTraining(int batch) => new($"ntm-train-b{batch}", Bounds.Trained,
        device => throw new NotSupportedException(), () => new TorchNtmTraining(new NtmSetting(batch))) { CheckedRuns = 3 };

    private static PeerCase Gemm(int size) => new($"gemm-{size}", Bounds.Product, device => throw new NotSupportedException(),
        () => new TorchFunction(x => x[0].matmul(x[1]), HostArray.Normal("a", 1, 1, size, size), HostArray.Normal("b", 2, 1, size, size)));

    private static PeerCase BatchedGemm() => new("gemm-16x256x256x64", Bounds.Product, device => throw new NotSupportedException(),
        () => new TorchFunction(x => x[0].matmul(x[1]), HostArray.Normal("a", 1, 1, 16, 256, 64), HostArray.Normal("b", 2, 1, 16, 64, 256)));

    private static PeerCase Lstm()
    {
        return new("lstm-256-b32-t50", Bounds.Recurrent, device => throw new NotSupportedException(), () => new TorchLstm(
            HostArray.Normal("input", 1, 1, 50, 32, 256), HostArray.Normal("gradient", 2, 0.1f, 50, 32, 256),
            [
                HostArray.Normal("weight_ih_l0", 3, 0.06f, 1024, 256), HostArray.Normal("weight_hh_l0", 4, 0.06f, 1024, 256),
                HostArray.Normal("bias_ih_l0", 5, 0.06f, 1024), HostArray.Normal("bias_hh_l0", 6, 0.06f, 1024),
            ]));
    }

    private static PeerCase SmallOps() => new("small-op", Bounds.Rounded, device => throw new NotSupportedException(), () => new TorchSmallOps(
        HostArray.Normal("x", 1, 1, 32), HostArray.Normal("b", 2, 0.01f, 32), 200)) { Operations = 200 };
}
