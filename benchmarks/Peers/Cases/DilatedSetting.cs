using GpuNets.Models;

namespace GpuNets.Peers;

/// <summary>
/// A dilated network, its pictures and labels, and weights that both sides begin with. Plain SGD with momentum over all parameters: multipliers
/// for biases would only make the peer's code longer.
/// </summary>
internal sealed class DilatedSetting
{
    public const float LearningRate = 1e-3f, Momentum = 0.9f, WeightDecay = 5e-4f;
    public const int Void = 255;

    /// <param name="network">The network.</param>
    /// <param name="batch">Pictures.</param>
    /// <param name="height">Pixels, a multiple of the stride.</param>
    /// <param name="width">Pixels, a multiple of the stride.</param>
    public DilatedSetting(DilatedNetworkOptions network, int batch, int height, int width)
    {
        Network = network;
        Images = HostArray.Normal("images", 1, 1, batch, 3, height, width);
        int stride = network.Front.Geometry.Stride;
        (Batch, Rows, Columns) = (batch, height / stride, width / stride);
        var random = new Philox(5);
        Labels = [.. Enumerable.Range(0, batch * Rows * Columns).Select(i => i % 17 == 0 ? Void : random.Below((uint)i, network.Front.Classes))];
        using var device = Device.Open("cpu");
        // The released final layer is nearly zero, whose gradients would be lost in rounding.
        var vars = new Vars(device, seed: 1);
        var model = new DilatedNetwork(vars, network);
        Weights = [.. model.Parameters.Select((parameter, i) => parameter.Path == "front.final.weight"
            ? HostArray.Normal(parameter.Path, 100 + i, MathF.Sqrt(2f / parameter.Shape[1]), parameter.Shape.Dimensions.ToArray())
            : parameter.ToHost(parameter.Path))];
    }

    public DilatedNetworkOptions Network { get; }

    public HostArray Images { get; }

    /// <summary>Labels of the cells [batch, rows, columns].</summary>
    public int[] Labels { get; }

    public int Batch { get; }

    public int Rows { get; }

    public int Columns { get; }

    /// <summary>Parameters by their names in GpuNets.</summary>
    public IReadOnlyList<HostArray> Weights { get; }

    public HostArray Weight(string name) => Weights.First(weight => weight.Name == name);
}
