using TorchPeers;
using Torch = TorchSharp.torch;

namespace GpuNets.Peers;

/// <summary>Makes cases of functions without gradients.</summary>
internal static class FunctionCase
{
    /// <summary>The same function on both sides; inputs are made when the case runs.</summary>
    public static PeerCase Of(
        string name, double bound, Func<Tensor[], Tensor> ours, Func<Torch.Tensor[], Torch.Tensor> peer, params Func<HostArray>[] inputs) => new(
        name, bound,
        device => new GpuNetsFunction(device, ours, [.. inputs.Select(input => input())]),
        () => new TorchFunction(peer, [.. inputs.Select(input => input())]));
}
