namespace GpuNets.Peers;

/// <summary>Elementwise operations, reductions and row functions over 16M floats, without gradients.</summary>
internal static class LargeCases
{
    private const int Side = 4096;

    // Made when a case first needs it: 64 MB.
    private static readonly Lazy<HostArray> s_x = new(() => HostArray.Normal("x", 1, 1, Side, Side));

    public static IEnumerable<PeerCase> All => new[]
    {
        FunctionCase.Of("relu-16m", Bounds.Exact, x => x[0].Relu(), x => x[0].relu(), X),
        FunctionCase.Of("exp-16m", Bounds.Rounded, x => x[0].Exp(), x => x[0].exp(), X),
        FunctionCase.Of("tanh-16m", Bounds.Rounded, x => x[0].Tanh(), x => x[0].tanh(), X),
        FunctionCase.Of("sigmoid-16m", Bounds.Rounded, x => x[0].Sigmoid(), x => x[0].sigmoid(), X),
    }.Select(work => work with { Mark = 0.8 });

    private static HostArray X() => s_x.Value;
}
