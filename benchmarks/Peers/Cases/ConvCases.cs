using TorchPeers;
using static TorchSharp.torch;

namespace GpuNets.Peers;

/// <summary>Convolutions with bias: forward alone, and with the gradients to input, weight and bias.</summary>
internal static class ConvCases
{
    public static IEnumerable<PeerCase> All =>
    [
        .. Both("conv-64-64-d1", new(4, 64, 64, 64, 64), 0.75, 0.65),
        .. Both("conv-64-64-d2", new(4, 64, 64, 64, 64) { Dilation = 2, Padding = 2 }, 0.75, 0.65),
        .. Both("conv-64-64-d4", new(4, 64, 64, 64, 64) { Dilation = 4, Padding = 4 }, 0.75, 0.65),
        .. Both("conv-21-21-d8", new(1, 21, 21, 64, 64) { Dilation = 8, Padding = 8 }),
        .. Both("conv-resnet-16", new(128, 16, 16, 32, 32)),
        .. Both("conv-resnet-16-32-s2", new(128, 16, 32, 32, 32) { Stride = 2 }),
        .. Both("conv-resnet-64-8x8", new(128, 64, 64, 8, 8)),
        .. Both("conv-1x1-64-256", new(32, 64, 256, 8, 8) { Kernel = 1, Padding = 0 }),
        .. Both("conv-1x1-256-256", new(8, 256, 256, 32, 32) { Kernel = 1, Padding = 0 }),
        .. Both("conv-first-3-64", new(8, 3, 64, 64, 64)),
        .. Both("conv-depthwise-64", new(8, 64, 64, 56, 56) { Groups = 64 }),
        .. Both("conv-transposed-64-32", new(8, 64, 32, 16, 16) { Kernel = 4, Stride = 2, Transposed = true }),
        .. Both("conv-masked-12", new(64, 12, 12, 28, 28) { Masked = true }),
    ];

    private static IEnumerable<PeerCase> Both(string name, ConvSetting setting, double? forward = null, double? training = null) =>
    [
        new PeerCase(name, Bounds.Product, device => new GpuNetsConv(device, setting, gradients: false), () => new TorchConv(setting, gradients: false))
        {
            Mark = forward,
            // oneDNN, which libtorch uses, computes wrong convolutions of few channels on some CPUs with AVX-512.
            Exact = () => new TorchConv(setting, gradients: false, ScalarType.Float64),
        },
        // Gradients to the weight are sums over up to a hundred thousand positions.
        new PeerCase(name + "-train", Bounds.Convolved, device => new GpuNetsConv(device, setting, gradients: true), () => new TorchConv(setting, gradients: true))
        {
            Mark = training,
            Exact = () => new TorchConv(setting, gradients: true, ScalarType.Float64),
        },
    ];
}
