using TorchPeers;

namespace GpuNets.Peers;

/// <summary>An LSTM over a batch of sequences, forward and backward.</summary>
internal static class LstmCases
{
    private const int Time = 50, Batch = 32, Inputs = 256, Units = 256;

    public static PeerCase Training => new(
        "lstm-256-b32-t50", Bounds.Recurrent,
        device => new GpuNetsLstm(device, Input(), OutputGradient(), Weights()),
        () => new TorchLstm(Input(), OutputGradient(), Weights()))
    { Mark = 0.8 };

    private static HostArray Input() => HostArray.Normal("input", 1, 1, Time, Batch, Inputs);

    private static HostArray OutputGradient() => HostArray.Normal("output gradient", 2, 0.1f, Time, Batch, Units);

    private static HostArray[] Weights() =>
    [
        HostArray.Normal("weight_ih_l0", 3, 0.06f, 4 * Units, Inputs),
        HostArray.Normal("weight_hh_l0", 4, 0.06f, 4 * Units, Units),
        HostArray.Normal("bias_ih_l0", 5, 0.06f, 4 * Units),
        HostArray.Normal("bias_hh_l0", 6, 0.06f, 4 * Units),
    ];
}
