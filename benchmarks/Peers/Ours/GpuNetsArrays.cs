namespace GpuNets.Peers;

/// <summary>Numbers to and from GpuNets.</summary>
internal static class GpuNetsArrays
{
    /// <summary>A tensor with a copy of the numbers.</summary>
    public static Tensor ToGpuNets(this HostArray array, Device device) => device.Tensor(array.Values, array.Shape);

    /// <summary>Numbers as a checkpoint, from which <see cref="Vars"/> makes parameters.</summary>
    public static StateDict ToState(IEnumerable<HostArray> arrays)
    {
        var state = new StateDict();
        foreach (var array in arrays) state.Add(StateTensor.From(array.Name, [.. array.Shape.Select(size => (long)size)], array.Values));
        return state;
    }

    /// <summary>A copy of a tensor's numbers.</summary>
    public static HostArray ToHost(this Tensor tensor, string name) => new(name, tensor.Shape.Dimensions.ToArray(), tensor.ToArray());
}
