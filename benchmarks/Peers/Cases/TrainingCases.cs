using TorchPeers;

namespace GpuNets.Peers;

/// <summary>Training steps: of the NTM, and of a chain of operations so small that only their overhead counts.</summary>
internal static class TrainingCases
{
    private const int Additions = 200;

    public static IEnumerable<PeerCase> All => [Ntm(batch: 1) with { Mark = 15 }, Ntm(batch: 16) with { Mark = 8 }, SmallOps];

    private static PeerCase Ntm(int batch) => new(
        $"ntm-train-b{batch}", Bounds.Trained,
        device => new GpuNetsNtmTraining(device, new NtmSetting(batch)), () => new TorchNtmTraining(new NtmSetting(batch)))
    { CheckedRuns = 3 };

    private static PeerCase SmallOps => new(
        "small-op", Bounds.Rounded, device => new GpuNetsSmallOps(device, X(), B(), Additions), () => new TorchSmallOps(X(), B(), Additions))
    { Operations = Additions, MarkMicroseconds = 10 };

    private static HostArray X() => HostArray.Normal("x", 1, 1, 32);

    private static HostArray B() => HostArray.Normal("b", 2, 0.01f, 32);
}
