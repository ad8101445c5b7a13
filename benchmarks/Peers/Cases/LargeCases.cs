using TorchSharp;

namespace GpuNets.Peers;

/// <summary>Elementwise operations, reductions and row functions over 16M floats, without gradients.</summary>
internal static class LargeCases
{
    private const int Side = 4096;

    // Made when a case first needs them: 64 MB each.
    private static readonly Lazy<HostArray> X = new(() => HostArray.Normal("x", 1, 1, Side, Side));
    private static readonly Lazy<HostArray> Y = new(() => HostArray.Normal("y", 2, 1, Side, Side));
    private static readonly Lazy<HostArray> Positive = new(() => HostArray.Uniform("x", 3, 0, 1, Side, Side)); // its sum is well conditioned
    private static readonly Lazy<HostArray> Weight = new(() => HostArray.Normal("weight", 4, 1, Side));
    private static readonly Lazy<HostArray> Bias = new(() => HostArray.Normal("bias", 5, 1, Side));

    public static IEnumerable<PeerCase> All =>
    [
        Case("add-16m", Bounds.Exact, x => x[0] + x[1], X, Y),
        Case("mul-16m", Bounds.Exact, x => x[0] * x[1], X, Y),
        Case("relu-16m", Bounds.Exact, x => x[0].relu(), X),
        Case("exp-16m", Bounds.Rounded, x => x[0].exp(), X),
        Case("tanh-16m", Bounds.Rounded, x => x[0].tanh(), X),
        Case("sigmoid-16m", Bounds.Rounded, x => x[0].sigmoid(), X),
        Case("gelu-16m", Bounds.Rounded, x => torch.nn.functional.gelu(x[0]), X),
        Case("sum-16m", Bounds.Rounded, x => x[0].sum(), Positive),
        Case("mean-16m", Bounds.Rounded, x => x[0].mean(), Positive),
        Case("max-16m", Bounds.Exact, x => x[0].max(), X),
        Case("sum-rows-4096x4096", Bounds.Rounded, x => x[0].sum(1), Positive),
        Case("sum-columns-4096x4096", Bounds.Rounded, x => x[0].sum(0), Positive),
        Case("softmax-4096x4096", Bounds.Normalised, x => x[0].softmax(1), X),
        Case("layernorm-4096x4096", Bounds.Normalised, x => torch.nn.functional.layer_norm(x[0], [Side], x[1], x[2]), X, Weight, Bias),
    ];

    private static PeerCase Case(string name, double bound, Func<torch.Tensor[], torch.Tensor> peer, params Lazy<HostArray>[] inputs) => new(
        name, bound, device => throw new NotSupportedException(), () => new TorchFunction(peer, [.. inputs.Select(input => input.Value)]));
}
