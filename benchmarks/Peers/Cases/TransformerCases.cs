using GpuNets.Models;
using TorchPeers;

namespace GpuNets.Peers;

/// <summary>The Transformer of the Multi30k tutorial: training steps, and greedy decoding with kept keys and values.</summary>
internal static class TransformerCases
{
    private const int Extra = 8;

    public static IEnumerable<PeerCase> All =>
    [
        Training("transformer-train-multi30k-b64", pairs: 64) with { Mark = 0.7 },
        Decoding("transformer-greedy-multi30k-b1", pairs: 1) with { Mark = 3 },
        Decoding("transformer-greedy-multi30k-b64", pairs: 64),
    ];

    private static Lazy<TransformerSetting> Setting(int pairs) => new(() => new TransformerSetting(TransformerOptions.Multi30k(), pairs, sourceTime: 16, targetTime: 16));

    private static PeerCase Training(string name, int pairs)
    {
        var setting = Setting(pairs);
        return new PeerCase(name, Bounds.Trained, device => new GpuNetsTransformerTraining(device, setting.Value), () => new TorchTransformerTraining(setting.Value)) { CheckedRuns = 0 };
    }

    private static PeerCase Decoding(string name, int pairs)
    {
        var setting = Setting(pairs);
        return new PeerCase(name, Bounds.Exact, device => new GpuNetsTransformerDecoding(device, setting.Value, Extra), () => new TorchTransformerDecoding(setting.Value, Extra));
    }
}
