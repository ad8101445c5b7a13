using GpuNets.Models;
using TorchPeers;

namespace GpuNets.Peers;

/// <summary>The Transformer of the Multi30k tutorial: training steps, and greedy and beam decoding with kept keys and values.</summary>
internal static class TransformerCases
{
    private const int Extra = 8;

    public static IEnumerable<PeerCase> All =>
    [
        Training("transformer-train-multi30k-b64", pairs: 64) with { Mark = 0.7 },
        Greedy("transformer-greedy-multi30k-b1", pairs: 1) with { Mark = 3 },
        Greedy("transformer-greedy-multi30k-b64", pairs: 64),
        Beam("transformer-beam4-multi30k-b1", pairs: 1),
        Beam("transformer-beam4-multi30k-b16", pairs: 16),
    ];

    private static Lazy<TransformerSetting> Setting(int pairs) => new(() => new TransformerSetting(TransformerOptions.Multi30k(), pairs, sourceTime: 16, targetTime: 16));

    private static PeerCase Training(string name, int pairs)
    {
        var setting = Setting(pairs);
        return new PeerCase(name, Bounds.Trained, device => new GpuNetsTransformerTraining(device, setting.Value), () => new TorchTransformerTraining(setting.Value)) { CheckedRuns = 0 };
    }

    private static PeerCase Greedy(string name, int pairs)
    {
        var (setting, options) = (Setting(pairs), DecodingOptions.Greedy with { MaxExtraLength = Extra });
        return new PeerCase(
            name, Bounds.Exact, device => new GpuNetsTransformerDecoding(device, setting.Value, options), () => new TorchTransformerDecoding(setting.Value, Extra));
    }

    // Scores are sums of logarithms, not the same to the bit. Ids that differ, if only by 1 of 5,893, are 17 times beyond this bound.
    private static PeerCase Beam(string name, int pairs)
    {
        var (setting, options) = (Setting(pairs), new DecodingOptions { Beam = 4, LengthPenalty = 0.6, MaxExtraLength = Extra });
        return new PeerCase(
            name, Bounds.Product, device => new GpuNetsTransformerDecoding(device, setting.Value, options), () => new TorchTransformerBeam(setting.Value, options));
    }
}
