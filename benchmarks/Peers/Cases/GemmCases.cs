namespace GpuNets.Peers;

/// <summary>Matrix products in float32, without gradients.</summary>
internal static class GemmCases
{
    public static IEnumerable<PeerCase> All =>
    [
        Case("gemm-256", [256, 256], [256, 256]),
        Case("gemm-512", [512, 512], [512, 512]) with { Mark = 0.85 },
        Case("gemm-1024", [1024, 1024], [1024, 1024]) with { Mark = 0.85 },
        Case("gemm-2048", [2048, 2048], [2048, 2048]),
        Case("gemm-16x256x256x64", [16, 256, 64], [16, 64, 256]),
    ];

    private static PeerCase Case(string name, int[] left, int[] right) => FunctionCase.Of(
        name, Bounds.Product, x => x[0].MatMul(x[1]), x => x[0].matmul(x[1]),
        () => HostArray.Normal("left", 1, 1, left), () => HostArray.Normal("right", 2, 1, right));
}
