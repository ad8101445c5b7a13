using TorchPeers;
using TorchSharp;
using Torch = TorchSharp.torch;

namespace GpuNets.Peers;

/// <summary>The relation network's g over all pairs and its sum, forward and backward; the peer makes the tensor of all pairs.</summary>
internal static class PairSumCases
{
    public static IEnumerable<PeerCase> All =>
    [
        Case("pair-sum-b64-n25-256", batch: 64, objects: 25, size: 26, question: 11, width: 256, new()) with { Mark = 2 },
        Case("pair-sum-b16-n64-256", batch: 16, objects: 64, size: 26, question: 128, width: 256, new()) with { Mark = 2 },
        Case("pair-sum-recomputed-b64-n25-256", batch: 64, objects: 25, size: 26, question: 11, width: 256, new() { KeptBytes = 0 }),
        Case("pair-sum-recomputed-b16-n64-256", batch: 16, objects: 64, size: 26, question: 128, width: 256, new() { KeptBytes = 0 }),
    ];

    private static PeerCase Case(string name, int batch, int objects, int size, int question, int width, PairSumOptions options)
    {
        int[] widths = [width, width, width, width];
        List<HostArray> inputs = [HostArray.Normal("objects", 1, 1, batch, objects, size), HostArray.Normal("question", 2, 1, batch, question)];
        for (int l = 0, columns = 2 * size + question; l < widths.Length; columns = widths[l++])
        {
            inputs.Add(HostArray.Normal($"{l}.weight", 3 + l, MathF.Sqrt(2f / columns), widths[l], columns));
            inputs.Add(HostArray.Normal($"{l}.bias", 13 + l, 0.1f, widths[l]));
        }
        var gradient = HostArray.Normal("gradient", 20, 1, batch, width);
        return new PeerCase(
            name, Bounds.Kinked, device => new GpuNetsGradients(device, x => Ours(x, size, options), gradient, [.. inputs]),
            () => new TorchGradients(Peer, gradient, [.. inputs]));
    }

    // What the layer PairSum does with its parameters.
    private static Tensor Ours(Tensor[] x, int size, PairSumOptions options)
    {
        var (objects, question, weight, bias) = (x[0], x[1], x[2], x[3]);
        var left = objects.MatMul(weight.Slice(1, 0, size), transposeOther: true);
        var right = objects.MatMul(weight.Slice(1, size, 2 * size), transposeOther: true);
        var context = question.MatMul(weight.Slice(1, 2 * size), transposeOther: true, bias: bias);
        return Tensor.PairSum(left, right, context, [x[4], x[6], x[8]], [x[5], x[7], x[9]], options);
    }

    private static Torch.Tensor Peer(Torch.Tensor[] x)
    {
        var (objects, question) = (x[0], x[1]);
        long batch = objects.shape[0], n = objects.shape[1];
        var a = torch.cat(
            [
                objects.unsqueeze(2).expand(batch, n, n, objects.shape[2]), objects.unsqueeze(1).expand(batch, n, n, objects.shape[2]),
                question.reshape(batch, 1, 1, -1).expand(batch, n, n, question.shape[1]),
            ],
            3).reshape(batch * n * n, -1);
        for (int l = 2; l < x.Length; l += 2) a = torch.nn.functional.linear(a, x[l], x[l + 1]).relu();
        return a.reshape(batch, n * n, -1).sum(1);
    }
}
