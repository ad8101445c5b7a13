using GpuNets.Kernels;
using GpuNets.Reference;
using GpuNets.Tests.Ops;

namespace GpuNets.Tests.Attention;

/// <summary>Attention over awkward sizes, with every mask, in every layout.</summary>
internal sealed class AttentionCases : IOpCases
{
    // LaneMath's e^x is good to two units, that of C libraries to one. Measured with all draws of the plain error: at most 1.8 times it (host,
    // PoCL, emulated GPU forms) where the setting does not say otherwise.
    private const double WeightUlps = 2;

    // The gradient of a score is p (d - delta), where delta, the sum of dO o, comes of the stored output: a unit in the last place of it is as many
    // of the result as d and delta are larger than their difference, and it is the same error for all keys of a row. The plain code
    // differentiates the weights and never forms such a difference. Two cases show it: 60 to 150 (host: 22.9 units of the gradient of the queries, plain code 8.2)
    // and 256 to 129 wide (PoCL: 18.1, plain code 7.5; host: 5.8).
    private const double DeltaUlps = 12;

    private static readonly OpCase[] s_forTeams =
    [
        Case(new(1, 2, 5, 3, 5) { Causal = CausalMask.FromStart }),
        Case(new(1, 1, 5, 65, 40) { Lengths = [64], Dropout = 0.3f }),
        Case(new(1, 1, 66, 3, 68) { ValueSize = 100, Causal = CausalMask.FromEnd, Shift = 1, Joined = true }),
        Case(new(1, 1, 5, 3, 3) { ValueSize = 130 }),
    ];

    // More keys than a group takes in a step, so that there are parts; one of them sees none.
    private static readonly OpCase[] s_forDecoding =
    [
        Case(new(1, 1, 2, 67, 4) { Lengths = [66], Dropout = 0.3f }),
        Case(new(2, 1, 1, 70, 3) { Lengths = [0, 3], Bias = [1, 1] }),
        Case(new(1, 1, 2, 35, 3) { ValueSize = 130 }),
        Case(new(1, 2, 4, 5, 65) { Joined = true, Causal = CausalMask.FromEnd }),
    ];

    /// <summary>Names of cases that are small enough for emulated groups of GPUs, and reach all parts of their kernels.</summary>
    public static string[] ForTeams => [.. s_forTeams.Select(c => c.Name)];

    /// <summary>The same with few queries.</summary>
    public static string[] ForDecoding => [.. s_forDecoding.Select(c => c.Name)];

    public IEnumerable<OpCase> Cases =>
    [
        Case(new(1, 1, 1, 1, 1)),
        Case(new(1, 1, 2, 3, 2)),
        Case(new(2, 1, 3, 2, 1) { ValueSize = 3 }),
        Case(new(1, 2, 2, 2, 3) { Joined = true }),
        Case(new(1, 1, 3, 3, 2) { Causal = CausalMask.FromStart }),
        Case(new(2, 1, 2, 3, 2) { Causal = CausalMask.FromEnd, Lengths = [1, 3] }),
        Case(new(2, 2, 1, 2, 2) { Bias = [2, 2] }),
        Case(new(2, 2, 2, 2, 1) { Bias = [1, 1] }),
        Case(new(1, 2, 2, 3, 2) { Dropout = 0.4f }),
        Case(new(2, 2, 33, 31, 5)),
        Case(new(1, 2, 13, 9, 33) { ValueSize = 17, Joined = true, Scale = 0.3f }),
        Case(new(1, 1, 100, 70, 3) { ValueSize = 2, Causal = CausalMask.FromStart }),
        Case(new(1, 1, 60, 150, 2) { Causal = CausalMask.FromEnd, Shift = -20, Ulps = DeltaUlps }),
        Case(new(3, 2, 10, 40, 4) { Lengths = [40, 0, 7] }),
        Case(new(2, 2, 17, 20, 3) { Lengths = [20, 3], Causal = CausalMask.FromStart, Shift = 2, Dropout = 0.2f, Bias = [1, 2] }),
        Case(new(2, 3, 9, 9, 4) { Bias = [2, 1], Joined = true }),
        Case(new(1, 1, 2, 300, 2) { Dropout = 0.1f }),
        Case(new(2, 1, 1, 33, 7) { ValueSize = 150, Lengths = [0, 32] }),
        Case(new(1, 1, 50, 260, 1) { Bias = [1, 1], Dropout = 0.5f, Lengths = [259] }),
        Case(new(1, 1, 3, 3, 256) { ValueSize = 129, Ulps = DeltaUlps }),
        // Heads too large for the fused forms.
        Case(new(2, 1, 3, 4, 260) { Lengths = [4, 2], Causal = CausalMask.FromStart, Shift = 1, Ulps = DeltaUlps }),
        Case(new(1, 2, 2, 3, 5) { ValueSize = 300, Joined = true, Dropout = 0.3f }),
        Case(new(1, 2, 0, 3, 2)),
        Case(new(1, 2, 3, 0, 2)),
        .. s_forTeams,
        .. s_forDecoding,
        Packed(new(2, 2, 11, 11, 3) { Causal = CausalMask.FromStart }),
        Packed(new(1, 1, 2, 2, 2)),
        OneTensor(new(1, 1, 5, 5, 3)),
    ];

    private sealed record Setting(int Batch, int Heads, int Queries, int Keys, int Size)
    {
        public int ValueSize { get; init; } = Size;
        public CausalMask Causal { get; init; }
        public int Shift { get; init; }
        public int[]? Lengths { get; init; }
        public float? Scale { get; init; }
        public float Dropout { get; init; }

        /// <summary>Samples and heads of the bias.</summary>
        public int[]? Bias { get; init; }

        /// <summary>Heads side by side.</summary>
        public bool Joined { get; init; }

        public double Ulps { get; init; } = WeightUlps;

        public string Name => $"[{Batch}, {Heads}, {Queries} to {Keys}, {Size} to {ValueSize}] {(Joined ? "joined " : "")}{(Causal == CausalMask.None ? "" : $"{Causal} {Shift} ")}"
            + $"{(Lengths is null ? "" : $"lengths {string.Join(' ', Lengths)} ")}{(Bias is null ? "" : $"bias {string.Join(' ', Bias)} ")}{(Dropout > 0 ? $"dropout {Dropout}" : "")}";

        public AttentionOptions Options(Device device, Tensor? bias) => new()
        {
            Heads = Joined ? Heads : null,
            Causal = Causal,
            CausalShift = Shift,
            Lengths = Lengths is null ? null : device.Indices(Lengths),
            Scale = Scale,
            Bias = bias,
            Dropout = Dropout,
            Random = new RandomSource(3),
        };

        public NdArray Reference(NdArray query, NdArray key, NdArray value, NdArray? bias)
        {
            var name = new RandomSource(3).Next();
            return AttentionReference.Forward(
                query, key, value, Scale ?? 1 / Math.Sqrt(Size), Sees, bias, Dropout > 0 ? (pair, t, s) => DropoutMask.At(name, Dropout, pair, t, s) : null);
        }

        private bool Sees(int b, int t, int s)
        {
            int length = Lengths?[b] ?? Keys;
            return s < length && (Causal == CausalMask.None || s <= t + Shift + (Causal == CausalMask.FromEnd ? length - Queries : 0));
        }
    }

    private static OpCase Case(Setting s)
    {
        OpInput Rows(int time, int size) => s.Joined ? OpInput.Normal(s.Batch, time, s.Heads * size) : OpInput.Normal(s.Batch, s.Heads, time, size);
        NdArray Apart(NdArray x) => s.Joined ? AttentionReference.Split(x, s.Heads) : x;
        OpInput[] inputs = [Rows(s.Queries, s.Size), Rows(s.Keys, s.Size), Rows(s.Keys, s.ValueSize)];
        if (s.Bias is not null) inputs = [.. inputs, OpInput.Normal(s.Bias[0], s.Bias[1], s.Queries, s.Keys)];
        return new OpCase($"attention {s.Name}", inputs,
            x => x[0].Attention(x[1], x[2], s.Options(x[0].Device, x.Length > 3 ? x[3] : null)),
            x =>
            {
                var y = s.Reference(Apart(x[0]), Apart(x[1]), Apart(x[2]), x.Length > 3 ? x[3] : null);
                return s.Joined ? AttentionReference.Join(y) : y;
            })
        { Cancels = true, PlainUlps = s.Ulps };
    }

    private static OpCase Packed(Setting s) => new(
        $"attention packed {s.Name}", [OpInput.Normal(s.Batch, s.Queries, 3 * s.Heads * s.Size)],
        x => x[0].SelfAttention(s.Options(x[0].Device, null) with { Heads = s.Heads }),
        x =>
        {
            NdArray Third(int which)
            {
                var part = new NdArray([s.Batch, s.Queries, s.Heads * s.Size]);
                foreach (int[] i in NdArray.Indices(part.Shape)) part[i] = x[0][i[0], i[1], which * s.Heads * s.Size + i[2]];
                return AttentionReference.Split(part, s.Heads);
            }
            return AttentionReference.Join(s.Reference(Third(0), Third(1), Third(2), null));
        })
    { Cancels = true, PlainUlps = s.Ulps };

    private static OpCase OneTensor(Setting s) => new(
        $"attention of one tensor to itself {s.Name}", [OpInput.Normal(s.Batch, s.Heads, s.Queries, s.Size)],
        x => x[0].Attention(x[0], x[0], s.Options(x[0].Device, null)), x => s.Reference(x[0], x[0], x[0], null))
    { Cancels = true, PlainUlps = s.Ulps };
}
