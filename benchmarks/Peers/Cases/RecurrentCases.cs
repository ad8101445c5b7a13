using TorchPeers;

namespace GpuNets.Peers;

/// <summary>LSTM and GRU layers over batches of sequences, forward and backward.</summary>
internal static class RecurrentCases
{
    public static IEnumerable<PeerCase> All => new[]
    {
        Case("lstm-256-b32-t50", new(Lstm: true, Time: 50, Batch: 32, Inputs: 256, Units: 256)),
        Case("gru-256-b32-t50", new(Lstm: false, Time: 50, Batch: 32, Inputs: 256, Units: 256)),
        Case("lstm-256-b1-t50", new(Lstm: true, Time: 50, Batch: 1, Inputs: 256, Units: 256)),
        // Both directions over sequences of 13 to 50 steps.
        Case("lstm-256-b32-t50-packed", new(Lstm: true, Time: 50, Batch: 32, Inputs: 256, Units: 256) { Packed = true }),
        Case("gru-256-b32-t50-packed", new(Lstm: false, Time: 50, Batch: 32, Inputs: 256, Units: 256) { Packed = true }),
        // The encoder of RNNsearch (Bahdanau et al. 2014): 1000 units each way, words of 620 numbers, 80 sentences; 10 of its 50 steps.
        Case("rnnsearch-encoder-t10", new(Lstm: false, Time: 10, Batch: 80, Inputs: 620, Units: 1000) { Directions = 2 }),
    }.Select(work => work with { Mark = 1.0 });

    private static PeerCase Case(string name, RecurrentSetting setting) => new(
        name, Bounds.Recurrent, device => new GpuNetsRecurrent(device, setting), () => new TorchRecurrent(setting));
}
