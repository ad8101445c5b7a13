using GpuNets.Kernels;

namespace GpuNets.Benchmarks;

/// <summary>A matrix product as a benchmark case.</summary>
/// <param name="Name">Where it comes from.</param>
/// <param name="Size">Its sizes.</param>
/// <param name="Activation">What is fused into it.</param>
public sealed record GemmShape(string Name, GemmSize Size, Activation Activation = Activation.Identity) : IFlops
{
    /// <summary>Names of at most 20 letters: longer ones are cut in tables. Squares, and the products of the papers' models and their gradients.</summary>
    public static IEnumerable<GemmShape> All { get; } =
    [
        new("square 128", new(128, 128, 128)),
        new("square 512", new(512, 512, 512)),
        new("square 1024", new(1024, 1024, 1024)),
        new("square 1024, B^T", new(1024, 1024, 1024, 1, false, true)),
        new("NTM controller step", new(1, 400, 120, 1, false, true)),
        new("NTM heads, batch 16", new(16, 268, 100, 1, false, true), Activation.Tanh),
        new("LSTM 256, inputs", new(1600, 1024, 256, 1, false, true)),
        new("LSTM 256, one step", new(32, 1024, 256, 1, false, true)),
        new("LSTM 256, dW", new(1024, 256, 1600, 1, true)),
        new("feed-forward 512", new(640, 2048, 512, 1, false, true), Activation.Relu),
        new("attention scores", new(64, 64, 64, 8 * 10, false, true)),
        new("attention values", new(64, 64, 64, 8 * 10)),
    ];

    double IFlops.Flops => Size.Flops;

    /// <inheritdoc/>
    public override string ToString() => Name;
}
