using TorchSharp;

namespace GpuNets.Peers;

/// <summary>The end of a language model: cross-entropy of the logits of a vocabulary, and the best words of a beam.</summary>
internal static class SelectionCases
{
    private const int Rows = 1280, Inputs = 512, Classes = 30_000;

    public static IEnumerable<PeerCase> All =>
    [
        LinearCrossEntropy,
        FunctionCase.Of("top-10-of-64x30000", Bounds.Exact, x => x[0].TopK(10).Values, x => x[0].topk(10).values, () => HostArray.Normal("x", 1, 1, 64, 30_000)),
        FunctionCase.Of("top-10-of-8x300000", Bounds.Exact, x => x[0].TopK(10).Values, x => x[0].topk(10).values, () => HostArray.Normal("x", 1, 1, 8, 300_000)),
        FunctionCase.Of("top-1000-of-64x30000", Bounds.Exact, x => x[0].TopK(1000).Values, x => x[0].topk(1000).values, () => HostArray.Normal("x", 1, 1, 64, 30_000)),
    ];

    private static PeerCase LinearCrossEntropy
    {
        get
        {
            int[] labels = [.. Enumerable.Range(0, Rows).Select(row => row * 23 % Classes)];
            HostArray[] Inputs() =>
            [
                HostArray.Normal("x", 1, 1, Rows, SelectionCases.Inputs), HostArray.Normal("weight", 2, 0.04f, Classes, SelectionCases.Inputs),
                HostArray.Normal("bias", 3, 0.1f, Classes),
            ];
            HostArray gradient = HostArray.Constant("gradient", 1, 1);
            return new PeerCase(
                "linear-cross-entropy-1280x512-30000", Bounds.Convolved,
                device =>
                {
                    var index = device.Indices(labels);
                    return new GpuNetsGradients(
                        device, x => x[0].LinearCrossEntropy(x[1], index, x[2], smoothing: 0.1f).Reshape(1), gradient, Inputs());
                },
                () =>
                {
                    var index = torch.tensor([.. labels.Select(label => (long)label)]);
                    return new TorchPeers.TorchGradients(
                        x => torch.nn.functional.cross_entropy(torch.nn.functional.linear(x[0], x[1], x[2]), index, label_smoothing: 0.1).reshape(1), gradient, Inputs());
                });
        }
    }
}
