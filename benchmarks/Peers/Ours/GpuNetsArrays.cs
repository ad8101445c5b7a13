namespace GpuNets.Peers;

/// <summary>Numbers to and from GpuNets.</summary>
internal static class GpuNetsArrays
{
    /// <summary>A tensor with a copy of the numbers.</summary>
    public static Tensor ToGpuNets(this HostArray array, Device device) => device.Tensor(array.Values, array.Shape);

    /// <summary>A copy of a tensor's numbers.</summary>
    public static HostArray ToHost(this Tensor tensor, string name) => new(name, tensor.Shape.Dimensions.ToArray(), tensor.ToArray());
}
