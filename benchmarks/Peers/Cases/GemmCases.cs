namespace GpuNets.Peers;

/// <summary>Matrix products in float32, without gradients.</summary>
internal static class GemmCases
{
    public static IEnumerable<PeerCase> All =>
    [
        Case("gemm-256", [256, 256], [256, 256]),
        Case("gemm-512", [512, 512], [512, 512]) with { Mark = 0.9 },
        Case("gemm-1024", [1024, 1024], [1024, 1024]) with { Mark = 0.9 },
        Case("gemm-2048", [2048, 2048], [2048, 2048]) with { Mark = 0.9 },
        Case("gemm-500", [500, 500], [500, 500]),
        Case("gemm-1000", [1000, 1000], [1000, 1000]),
        // A linear layer: the weight is stored transposed.
        Transposed("gemm-1024-bt", false, true, [1024, 1024], [1024, 1024]),
        Transposed("gemm-1024-at", true, false, [1024, 1024], [1024, 1024]),
        // Gradients of weights: few outputs, long sums.
        Transposed("gemm-64x576x16384-at", true, false, [16384, 64], [16384, 576]),
        Transposed("gemm-256x256x8192-at", true, false, [8192, 256], [8192, 256]),
        Transposed("gemm-32x32x65536-at", true, false, [65536, 32], [65536, 32]),
        // Tall: many rows, few columns.
        Case("gemm-16384x64x576", [16384, 576], [576, 64]),
        Case("gemm-65536x32x32", [65536, 32], [32, 32]),
        Case("gemm-16x256x256x64", [16, 256, 64], [16, 64, 256]),
    ];

    private static PeerCase Case(string name, int[] left, int[] right) => FunctionCase.Of(
        name, Bounds.Product, x => x[0].MatMul(x[1]), x => x[0].matmul(x[1]),
        () => HostArray.Normal("left", 1, 1, left), () => HostArray.Normal("right", 2, 1, right));

    private static PeerCase Transposed(string name, bool transposeLeft, bool transposeRight, int[] left, int[] right) => FunctionCase.Of(
        name, left[transposeLeft ? 0 : 1] > 2048 ? Bounds.Convolved : Bounds.Product, x => x[0].MatMul(x[1], transposeLeft, transposeRight),
        x => (transposeLeft ? x[0].t() : x[0]).matmul(transposeRight ? x[1].t() : x[1]),
        () => HostArray.Normal("left", 1, 1, left), () => HostArray.Normal("right", 2, 1, right));
}
