namespace GpuNets.Peers;

/// <summary>One layer of an LSTM or a GRU with its inputs, weights and the gradient of its output.</summary>
internal sealed record RecurrentSetting(bool Lstm, int Time, int Batch, int Inputs, int Units)
{
    /// <summary>1, or 2 for both directions.</summary>
    public int Directions { get; init; } = 1;

    /// <summary>Sequences of different lengths, in both directions.</summary>
    public bool Packed { get => Lengths.Length > 0; init => (Lengths, Directions) = value ? (Descending(Time, Batch), 2) : ([], Directions); }

    /// <summary>Lengths of the sequences, longest first as libtorch wants them; empty if all have all steps.</summary>
    public int[] Lengths { get; private init; } = [];

    public HostArray Input => HostArray.Normal("input", 1, 1, Time, Batch, Inputs);

    public HostArray OutputGradient => HostArray.Normal("output gradient", 2, 0.1f, Time, Batch, Directions * Units);

    /// <summary>The weights under PyTorch's names.</summary>
    public HostArray[] Weights => [.. Enumerable.Range(0, Directions).SelectMany(Direction)];

    private HostArray[] Direction(int direction)
    {
        string suffix = direction == 0 ? "_l0" : "_l0_reverse";
        int rows = (Lstm ? 4 : 3) * Units;
        int seed = 3 + 4 * direction;
        float deviation = 1 / MathF.Sqrt(Units);
        return
        [
            HostArray.Normal("weight_ih" + suffix, seed, deviation, rows, Inputs),
            HostArray.Normal("weight_hh" + suffix, seed + 1, deviation, rows, Units),
            HostArray.Normal("bias_ih" + suffix, seed + 2, deviation, rows),
            HostArray.Normal("bias_hh" + suffix, seed + 3, deviation, rows),
        ];
    }

    private static int[] Descending(int time, int batch) => [.. Enumerable.Range(0, batch).Select(row => time - row * (time * 3 / 4) / (batch - 1))];
}
