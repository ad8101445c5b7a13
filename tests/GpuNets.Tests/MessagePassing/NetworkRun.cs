using GpuNets.Models;

namespace GpuNets.Tests.MessagePassing;

/// <summary>A network on a device of its own, with biases that are not 0.</summary>
internal sealed class NetworkRun : IDisposable
{
    public NetworkRun(MessagePassingOptions options, ulong seed = 3)
    {
        Device = TestDevices.Open();
        Vars = new Vars(Device, seed);
        Network = new MessagePassingNetwork(Vars, options);
        var random = new Random(7);
        foreach (var parameter in Vars.Parameters.Where(p => p.Path.Contains("bias", StringComparison.Ordinal)))
            parameter.CopyFrom([.. Enumerable.Range(0, parameter.Count).Select(_ => 0.4f * (random.NextSingle() - 0.5f))]);
    }

    public Device Device { get; }

    public Vars Vars { get; }

    public MessagePassingNetwork Network { get; }

    /// <summary>Outputs of a batch, a row per graph.</summary>
    public float[][] Forward(params GraphSample[] samples)
    {
        using var scope = Device.Scope();
        return [.. Network.Forward(GraphSample.On(Device, samples)).ToArray().Chunk(Network.Options.Outputs)];
    }

    public void Dispose() => Device.Dispose();
}
