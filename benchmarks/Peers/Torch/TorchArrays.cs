using GpuNets.Peers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchPeers;

/// <summary>Numbers to and from libtorch.</summary>
internal static class TorchArrays
{
    /// <summary>A tensor with a copy of the numbers.</summary>
    public static Tensor ToTorch(this HostArray array, bool gradient = false) =>
        tensor(array.Values, [.. array.Shape.Select(size => (long)size)], requires_grad: gradient);

    /// <summary>A copy of the numbers in memory of libtorch's own.</summary>
    public static Tensor ToOwn(this HostArray array, ScalarType type = ScalarType.Float32)
    {
        using var floats = array.ToTorch();
        return floats.to(type, copy: true);
    }

    /// <summary>Weights that can be trained, by their names.</summary>
    public static OrderedDictionary<string, Parameter> ToParameters(this IEnumerable<HostArray> weights, ScalarType type = ScalarType.Float32) =>
        new(weights.Select(weight => KeyValuePair.Create(weight.Name, new Parameter(weight.ToOwn(type)))));

    /// <summary>A copy of a tensor's numbers.</summary>
    public static HostArray ToHost(this Tensor tensor, string name)
    {
        using var plain = tensor.detach().to(ScalarType.Float32).contiguous();
        return new HostArray(name, [.. plain.shape.Select(size => (int)size)], plain.data<float>().ToArray());
    }
}
