using TorchPeers;

namespace GpuNets.Peers;

/// <summary>Training steps of enn-s2s on 20 molecules of 18 atoms: forward, mean squared error, backward, Adam.</summary>
internal static class MessagePassingCases
{
    private const int Molecules = 20, Atoms = 18;

    public static IEnumerable<PeerCase> All
    {
        get
        {
            var setting = new Lazy<MessagePassingSetting>(() => new MessagePassingSetting(Molecules, Atoms));
            yield return new PeerCase(
                "enn-s2s-train-b20", Bounds.Trained, device => new GpuNetsMessagePassingTraining(device, setting.Value),
                () => new TorchMessagePassingTraining(setting.Value))
            { CheckedRuns = 0, Mark = 2 };
        }
    }
}
