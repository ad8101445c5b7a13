using ILGPU;

namespace GpuNets.Kernels;

/// <summary>
/// An attention with its inputs: o = dropout(softmax(scale q k^T + bias)) v over the keys that a query sees. A row that sees no key, or
/// only keys with a bias of -infinity, is zero. Per row of the output it leaves the largest score and 1 / sum e^(score - largest)
/// (+infinity and 0 for a row of zeros), from which backward computes the weights again. The logarithm of the sum would do in one number, but
/// its rounding error grows with the scores, and the weights would not be those of the way forward.
/// </summary>
internal sealed record AttentionProblem
{
    public required AttentionSize Size { get; init; }
    public required AttentionOperand Query { get; init; }
    public required AttentionOperand Key { get; init; }
    public required AttentionOperand Value { get; init; }
    public required float Scale { get; init; }

    /// <summary>See <see cref="AttentionRule.Causal"/>.</summary>
    public int Causal { get; init; }
    public int Shift { get; init; }

    /// <summary>Keys of each sample [batch], each at most Keys; null: all have Keys.</summary>
    public DeviceBuffer? Lengths { get; init; }

    /// <summary>[1|B, 1|H, T, S]; null for none.</summary>
    public DeviceBuffer? Bias { get; init; }
    public int BiasSamples { get; init; } = 1;
    public int BiasHeads { get; init; } = 1;

    /// <summary>Probability of a weight to be dropped, in [0, 1).</summary>
    public float Dropout { get; init; }
    public Philox Random { get; init; }

    public Device Device => Query.Buffer.Device;

    /// <summary>The same with lengths.</summary>
    public AttentionProblem WithLengths(DeviceBuffer lengths) => this with { Lengths = lengths };

    public ArrayView<int> LengthsView => (Lengths ?? Query.Buffer).Ints;

    public ArrayView<float> BiasView => (Bias ?? Query.Buffer).Floats;

    public AttentionRule Rule => new()
    {
        Heads = Size.Heads,
        Queries = Size.Queries,
        Keys = Size.Keys,
        Causal = Causal,
        Shift = Shift,
        HasLengths = Lengths is null ? 0 : 1,
        HasBias = Bias is null ? 0 : 1,
        HasDropout = Dropout > 0 ? 1 : 0,
        BiasBatch = BiasSamples == 1 ? 0 : checked(BiasHeads * Size.Queries * Size.Keys),
        BiasHead = BiasHeads == 1 ? 0 : Size.Queries * Size.Keys,
        Scale = Scale,
        Dropout = Dropout,
        Kept = 1f / (1f - Dropout),
        Random = RandomKey.Of(Device, Random),
    };
}

/// <summary>Gradients of an attention, all overwritten; null where nobody wants one.</summary>
internal sealed class AttentionGradients
{
    public AttentionOperand? Query { get; init; }
    public AttentionOperand? Key { get; init; }
    public AttentionOperand? Value { get; init; }

    /// <summary>Of the shape of the bias; summed over the samples and heads that share it.</summary>
    public DeviceBuffer? Bias { get; init; }
}
