using TorchSharp;

namespace GpuNets.Peers;

/// <summary>Elementwise operations, reductions and row functions over 16M floats, without gradients.</summary>
internal static class LargeCases
{
    private const int Side = 4096;

    // Made when a case first needs them: 64 MB each.
    private static readonly Lazy<HostArray> s_x = new(() => HostArray.Normal("x", 1, 1, Side, Side));
    private static readonly Lazy<HostArray> s_y = new(() => HostArray.Normal("y", 2, 1, Side, Side));
    private static readonly Lazy<HostArray> s_positive = new(() => HostArray.Uniform("x", 3, 0, 1, Side, Side));

    public static IEnumerable<PeerCase> All => new[]
    {
        FunctionCase.Of("add-16m", Bounds.Exact, x => x[0] + x[1], x => x[0] + x[1], X, Y),
        FunctionCase.Of("mul-16m", Bounds.Exact, x => x[0] * x[1], x => x[0] * x[1], X, Y),
        FunctionCase.Of("relu-16m", Bounds.Exact, x => x[0].Relu(), x => x[0].relu(), X),
        FunctionCase.Of("exp-16m", Bounds.Rounded, x => x[0].Exp(), x => x[0].exp(), X),
        FunctionCase.Of("tanh-16m", Bounds.Rounded, x => x[0].Tanh(), x => x[0].tanh(), X),
        FunctionCase.Of("sigmoid-16m", Bounds.Rounded, x => x[0].Sigmoid(), x => x[0].sigmoid(), X),
        FunctionCase.Of("gelu-16m", Bounds.Rounded, x => x[0].Gelu(), x => torch.nn.functional.gelu(x[0]), X),
        FunctionCase.Of("sum-16m", Bounds.Rounded, x => x[0].Sum(), x => x[0].sum(), Positive),
        FunctionCase.Of("mean-16m", Bounds.Rounded, x => x[0].Mean(), x => x[0].mean(), Positive),
        FunctionCase.Of("max-16m", Bounds.Exact, x => x[0].Max(), x => x[0].max(), X),
        FunctionCase.Of("sum-rows-4096x4096", Bounds.Rounded, x => x[0].Sum(1), x => x[0].sum(dim: 1), Positive),
        FunctionCase.Of("sum-columns-4096x4096", Bounds.Rounded, x => x[0].Sum(0), x => x[0].sum(dim: 0), Positive),
        FunctionCase.Of("softmax-4096x4096", Bounds.Normalised, x => x[0].Softmax(1), x => x[0].softmax(1), X),
        FunctionCase.Of(
            "layernorm-4096x4096", Bounds.Normalised, x => x[0].LayerNorm(Side, x[1], x[2]),
            x => torch.nn.functional.layer_norm(x[0], [Side], x[1], x[2]), X, Weight, Bias),
    }.Select(work => work with { Mark = 0.8 });

    private static HostArray X() => s_x.Value;

    private static HostArray Y() => s_y.Value;

    // Its sum is well conditioned.
    private static HostArray Positive() => s_positive.Value;

    private static HostArray Weight() => HostArray.Normal("weight", 4, 1, Side);

    private static HostArray Bias() => HostArray.Normal("bias", 5, 1, Side);
}
