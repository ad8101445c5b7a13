namespace GpuNets.Kernels;

/// <summary>Cuts an attention into blocks of at most so many scores: whole samples, else heads of one sample, else queries of one head.</summary>
internal readonly struct AttentionSplit(AttentionSize size, int scratch)
{
    private readonly long _perHead = (long)size.Queries * size.Keys;

    private int Samples => (int)Math.Clamp(scratch / Math.Max(_perHead * size.Heads, 1), 1, Math.Max(size.Batch, 1));

    private int Heads => Samples > 1 ? size.Heads : (int)Math.Clamp(scratch / Math.Max(_perHead, 1), 1, Math.Max(size.Heads, 1));

    private int Queries => Heads > 1 || _perHead <= scratch ? size.Queries : Math.Clamp(scratch / Math.Max(size.Keys, 1) / 4 * 4, 4, size.Queries);

    /// <summary>Scores of the largest block.</summary>
    public int Scratch => checked(Samples * Heads * Queries * size.Keys);

    /// <summary>The blocks in order: queries of a head ascend.</summary>
    public IEnumerable<AttentionBlock> Blocks
    {
        get
        {
            for (int b = 0; b < size.Batch; b += Samples)
                for (int h = 0; h < size.Heads; h += Heads)
                    for (int t = 0; t < size.Queries; t += Queries)
                        yield return new AttentionBlock(
                            size, b, h, t, Math.Min(Samples, size.Batch - b), Math.Min(Heads, size.Heads - h), Math.Min(Queries, size.Queries - t));
        }
    }
}

/// <summary>Some samples, heads and queries of an attention.</summary>
internal sealed class AttentionBlock(AttentionSize size, int sample, int head, int query, int samples, int heads, int queries)
{
    public int Samples => samples;

    public int Heads => heads;

    public int Queries => queries;

    /// <summary>Rows of scores.</summary>
    public int Rows => samples * heads * queries;

    public AttentionBlockPlace Place => new() { FirstSample = sample, FirstHead = head, FirstQuery = query, Samples = samples, Heads = heads, Queries = queries };

    /// <summary>The scores of the block, one after the other.</summary>
    public AttentionOperand In(DeviceBuffer scores) => new(scores, 0, heads * queries * size.Keys, queries * size.Keys, size.Keys);

    /// <summary>An operand from the first element of the block on; one with a row per query also skips queries.</summary>
    public AttentionOperand At(in AttentionOperand operand, bool query)
    {
        int start = operand.Offset + sample * operand.Batch + head * operand.Head;
        return operand with { Offset = query ? start + At(operand.Time) : start };
    }

    /// <summary>C = op(A) op(B) for every pair of the block; op(A) is [m, k], op(B) [k, n].</summary>
    public void Multiply(
        in AttentionOperand a, in AttentionOperand b, in AttentionOperand c, int m, int n, int k,
        bool transposeA = false, bool transposeB = false, bool accumulate = false)
    {
        var product = new GemmSize(m, n, k, heads, transposeA, transposeB)
        {
            LeadingA = a.Time,
            LeadingB = b.Time,
            LeadingC = c.Time,
            StrideA = a.Head,
            StrideB = b.Head,
            StrideC = c.Head,
            OffsetA = a.Offset,
            OffsetB = b.Offset,
            OffsetC = c.Offset,
        };
        // Samples and heads one after the other in all operands: one batch.
        if (samples == 1 || Follows(a) && Follows(b) && Follows(c))
        {
            Gemm.Run(a.Buffer, b.Buffer, c.Buffer, product with { Batch = samples * heads }, accumulate: accumulate);
            return;
        }
        for (int i = 0; i < samples; i++)
            Gemm.Run(
                a.Buffer, b.Buffer, c.Buffer,
                product with { OffsetA = a.Offset + i * a.Batch, OffsetB = b.Offset + i * b.Batch, OffsetC = c.Offset + i * c.Batch }, accumulate: accumulate);
    }

    private int At(int step) => query * step;

    private bool Follows(in AttentionOperand operand) => operand.Batch == heads * operand.Head;
}
