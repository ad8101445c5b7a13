using TorchPeers;
using Torch = TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace GpuNets.Peers;

/// <summary>Normalisations, softmax and cross-entropy in training: forward alone, and with all gradients. Shapes of the papers.</summary>
internal static class NormalizationCases
{
    public static IEnumerable<PeerCase> All => new[]
    {
        Norm("batchnorm-128x16x32x32", [128, 16, 32, 32], 16, OurBatch, PeerBatch),
        Norm("batchnorm-16x64x64x64", [16, 64, 64, 64], 64, OurBatch, PeerBatch),
        Norm("layernorm-8192x512", [8192, 512], 512, x => x[0].LayerNorm(512, x[1], x[2]), x => layer_norm(x[0], [512], x[1], x[2])),
        Softmax("softmax-4096x4096", [4096, 4096]),
        Softmax("softmax-64x8x60x60", [64, 8, 60, 60]),
        CrossEntropy("crossentropy-4096x10000", 4096, 10000),
        CrossEntropy("crossentropy-1280x30000", 1280, 30000),
    }.SelectMany(pair => new[] { pair.Forward with { Mark = 1.0 }, pair.Training with { Mark = 1.0 } }).Concat(Unmarked);

    private static IEnumerable<PeerCase> Unmarked => new[]
    {
        Norm("batchnorm-128x512", [128, 512], 512, OurBatch, PeerBatch),
        Norm("batchnorm-128x256x4x4", [128, 256, 4, 4], 256, OurBatch, PeerBatch),
        Norm("groupnorm-16x64x64x64", [16, 64, 64, 64], 64, x => x[0].GroupNorm(8, x[1], x[2]), x => group_norm(x[0], 8, x[1], x[2])),
        Norm("batchnorm-relu-128x16x32x32", [128, 16, 32, 32], 16, x => x[0].BatchNorm(x[1], x[2], relu: true), x => relu(PeerBatch(x)), Bounds.Kinked),
        Plain("maxpool-3s2-4x64x112x112", [4, 64, 112, 112], [4, 64, 56, 56], x => x[0].MaxPool2d(3, 2, 1), x => max_pool2d(x[0], 3, 2, 1)),
        Plain("averagepool-2s2-16x64x64x64", [16, 64, 64, 64], [16, 64, 32, 32], x => x[0].AveragePool2d(2), x => avg_pool2d(x[0], 2)),
        Plain("bilinear-x8-1x21x64x64", [1, 21, 64, 64], [1, 21, 512, 512], x => x[0].Resize([512, 512]),
            x => interpolate(x[0], [512, 512], mode: Torch.InterpolationMode.Bilinear, align_corners: false)),
    }.SelectMany(pair => new[] { pair.Forward, pair.Training });

    private static Tensor OurBatch(Tensor[] x) => x[0].BatchNorm(x[1], x[2]);

    private static Torch.Tensor PeerBatch(Torch.Tensor[] x) => batch_norm(x[0], null, null, x[1], x[2], training: true);

    private static (PeerCase Forward, PeerCase Training) Norm(
        string name, int[] shape, int channels, Func<Tensor[], Tensor> ours, Func<Torch.Tensor[], Torch.Tensor> peer, double? bound = null) =>
        Both(name, bound ?? Bounds.Normalised, bound ?? Bounds.Convolved, shape, ours, peer,
            () => HostArray.Normal("x", 1, 1, shape), () => HostArray.Uniform("weight", 2, 0.5f, 1.5f, channels), () => HostArray.Normal("bias", 3, 1, channels));

    private static (PeerCase Forward, PeerCase Training) Softmax(string name, int[] shape) =>
        Both(name, Bounds.Normalised, Bounds.Product, shape, x => x[0].Softmax(-1), x => x[0].softmax(-1), () => HostArray.Normal("x", 1, 1, shape));

    private static (PeerCase Forward, PeerCase Training) Plain(
        string name, int[] shape, int[] result, Func<Tensor[], Tensor> ours, Func<Torch.Tensor[], Torch.Tensor> peer) =>
        Both(name, Bounds.Product, Bounds.Product, result, ours, peer, () => HostArray.Normal("x", 1, 1, shape));

    private static (PeerCase Forward, PeerCase Training) CrossEntropy(string name, int rows, int classes)
    {
        int[] labels = [.. Enumerable.Range(0, rows).Select(row => (int)((long)row * 7919 % classes))];
        HostArray Logits() => HostArray.Normal("x", 1, 1, rows, classes);
        // Labels are made with the work: on that device, outside of the scope of a run, and for gradients.
        Func<Tensor[], Tensor> Ours(Device device)
        {
            var indices = device.Indices(labels);
            return x => x[0].CrossEntropy(indices);
        }
        Func<Torch.Tensor[], Torch.Tensor> Peer()
        {
            var targets = Torch.tensor([.. labels.Select(label => (long)label)]);
            return x => cross_entropy(x[0], targets);
        }
        HostArray gradient = HostArray.Constant("gradient", 1);
        return (
            new PeerCase(name + "-forward", Bounds.Rounded, device => new GpuNetsFunction(device, Ours(device), Logits()), () => new TorchFunction(Peer(), Logits())),
            new PeerCase(name + "-train", Bounds.Normalised,
                device => new GpuNetsGradients(device, Ours(device), gradient, Logits()), () => new TorchGradients(Peer(), gradient, Logits())));
    }

    private static (PeerCase Forward, PeerCase Training) Both(
        string name, double bound, double trainingBound, int[] result, Func<Tensor[], Tensor> ours, Func<Torch.Tensor[], Torch.Tensor> peer,
        params Func<HostArray>[] inputs) => (
        FunctionCase.Of(name + "-forward", bound, ours, peer, inputs),
        new PeerCase(name + "-train", trainingBound,
            device => new GpuNetsGradients(device, ours, HostArray.Normal("gradient", 9, 1, result), [.. inputs.Select(input => input())]),
            () => new TorchGradients(peer, HostArray.Normal("gradient", 9, 1, result), [.. inputs.Select(input => input())])));
}
