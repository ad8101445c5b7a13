using TorchPeers;
using TorchSharp;
using Torch = TorchSharp.torch;

namespace GpuNets.Peers;

/// <summary>
/// A matrix per segment of rows, and a linear layer with a shortcut, with all gradients. libtorch multiplies segment after segment, of rows
/// that lie in order.
/// </summary>
internal static class GroupedCases
{
    private const int Size = 64;

    public static IEnumerable<PeerCase> All =>
    [
        Segments("segment-matmul-14", rows: 50_000, count: 14),
        Segments("segment-matmul-500", rows: 50_000, count: 500),
        Case(
            "linear-residual", _ => x => x[0].MatMul(x[1], transposeOther: true, bias: x[2], residual: x[3]),
            x => torch.nn.functional.linear(x[0], x[1], x[2]) + x[3], Normal("gradient", 9, 1, 8192, 512),
            Normal("x", 1, 1, 8192, 512), Normal("weight", 2, 0.05f, 512, 512), Normal("bias", 3, 1, 512), Normal("residual", 4, 1, 8192, 512)),
    ];

    private static PeerCase Segments(string name, int rows, int count)
    {
        // From a third to five thirds of the mean.
        int[] lengths = [.. Enumerable.Range(0, count).Select(s => rows / count * (1 + s % 5) / 3)];
        lengths[^1] += rows - lengths.Sum();
        return Case(
            name, device =>
            {
                var segments = device.SegmentsOfLengths(lengths);
                return x => x[0].SegmentMatMul(segments, x[1]);
            },
            x =>
            {
                var parts = x[0].split([.. lengths.Select(length => (long)length)], 0);
                return torch.cat([.. parts.Select((part, s) => part.matmul(x[1][s].t()))], 0);
            },
            Normal("gradient", 9, 1, rows, Size), Normal("x", 1, 1, rows, Size), Normal("matrices", 2, 0.1f, count, Size, Size));
    }

    private static HostArray Normal(string name, int seed, float deviation, params int[] shape) => HostArray.Normal(name, seed, deviation, shape);

    private static PeerCase Case(
        string name, Func<Device, Func<Tensor[], Tensor>> ours, Func<Torch.Tensor[], Torch.Tensor> peer, HostArray gradient, params HostArray[] inputs) => new(
        name, Bounds.Convolved, device => new GpuNetsGradients(device, ours(device), gradient, inputs), () => new TorchGradients(peer, gradient, inputs));
}
