using TorchPeers;
using Torch = TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace GpuNets.Peers;

/// <summary>Scaled dot-product attention, [batch, heads, time, size] in float32.</summary>
internal static class AttentionCases
{
    public static IEnumerable<PeerCase> All =>
    [
        Forward("attention-h16-t64-d64", [1, 16, 64, 64], 64),
        Forward("attention-h16-t256-d64", [1, 16, 256, 64], 256) with { Mark = 0.85 },
        Forward("attention-h16-t1024-d64", [1, 16, 1024, 64], 1024),
        Forward("attention-causal-h16-t256-d64", [1, 16, 256, 64], 256, causal: true),
        Forward("attention-causal-h16-t1024-d64", [1, 16, 1024, 64], 1024, causal: true),
        Forward("attention-decode-b1-h16-s1024-d64", [1, 16, 1, 64], 1024),
        Forward("attention-decode-b64-h8-s256-d64", [64, 8, 1, 64], 256),
        Forward("attention-tiny-b1600-h4-t9-d64", [1600, 4, 9, 64], 9),
        Training("attention-train-h16-t64-d64", [1, 16, 64, 64]),
        Training("attention-train-h16-t256-d64", [1, 16, 256, 64]) with { Mark = 0.85 },
        Training("attention-train-h16-t1024-d64", [1, 16, 1024, 64]),
        Training("attention-train-causal-h16-t256-d64", [1, 16, 256, 64], causal: true),
        Training("attention-train-tiny-b1600-h4-t9-d64", [1600, 4, 9, 64]),
        Additive with { Mark = 1.5 },
        AdditiveTraining with { Mark = 1.5 },
    ];

    // The attention of RNNsearch: batch 80, 50 source words, 1000 alignment units, annotations of 2000.
    private const int Sentences = 80, Words = 50, Units = 1000, Features = 2000;

    private static Func<HostArray>[] AdditiveInputs =>
    [
        () => HostArray.Normal("query", 1, 1, Sentences, Units), () => HostArray.Normal("key", 2, 1, Sentences, Words, Units),
        () => HostArray.Normal("v", 3, 0.05f, Units), () => HostArray.Normal("value", 4, 1, Sentences, Words, Features),
    ];

    private static PeerCase Additive => FunctionCase.Of("additive-attention-b80-s50", Bounds.Product, OurAdditive, PeerAdditive, AdditiveInputs);

    private static PeerCase AdditiveTraining => new(
        "additive-attention-train-b80-s50", Bounds.Score,
        device => new GpuNetsGradients(device, OurAdditive, HostArray.Normal("gradient", 5, 1, Sentences, Features), [.. AdditiveInputs.Select(input => input())]),
        () => new TorchGradients(PeerAdditive, HostArray.Normal("gradient", 5, 1, Sentences, Features), [.. AdditiveInputs.Select(input => input())]));

    private static Tensor OurAdditive(Tensor[] x) => x[0].AdditiveAttention(x[1], x[2], x[3]).Context;

    private static Torch.Tensor PeerAdditive(Torch.Tensor[] x)
    {
        var scores = (x[0].unsqueeze(1) + x[1]).tanh().matmul(x[2]);   // [batch, words]
        return scores.softmax(1).unsqueeze(1).bmm(x[3]).squeeze(1);
    }

    private static PeerCase Forward(string name, int[] query, int keys, bool causal = false)
    {
        int[] key = [query[0], query[1], keys, query[3]];
        var options = Options(causal);
        return FunctionCase.Of(
            name, Bounds.Product, x => x[0].Attention(x[1], x[2], options), x => scaled_dot_product_attention(x[0], x[1], x[2], is_casual: causal),
            () => HostArray.Normal("query", 1, 1, query), () => HostArray.Normal("key", 2, 1, key), () => HostArray.Normal("value", 3, 1, key));
    }

    private static PeerCase Training(string name, int[] shape, bool causal = false)
    {
        var options = Options(causal);
        HostArray[] Inputs() => [HostArray.Normal("query", 1, 1, shape), HostArray.Normal("key", 2, 1, shape), HostArray.Normal("value", 3, 1, shape)];
        HostArray Gradient() => HostArray.Normal("gradient", 4, 1, shape);
        return new PeerCase(
            name, Bounds.Product,
            device => new GpuNetsGradients(device, x => x[0].Attention(x[1], x[2], options), Gradient(), Inputs()),
            () => new TorchGradients(x => scaled_dot_product_attention(x[0], x[1], x[2], is_casual: causal), Gradient(), Inputs()));
    }

    private static AttentionOptions Options(bool causal) => new() { Causal = causal ? CausalMask.FromStart : CausalMask.None };
}
