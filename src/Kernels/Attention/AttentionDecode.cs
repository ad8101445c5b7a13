using ILGPU;

namespace GpuNets.Kernels;

/// <summary>
/// Forward for few queries, as in decoding, a team per query: keys and values are read in place and once. The form of CPUs under OpenCL,
/// where packing the keys of a block would cost more than the products.
/// </summary>
internal struct AttentionDecode : IRowKernel
{
    /// <summary>Its scores are scratch, [batch, heads, queries, keys].</summary>
    public AttentionSoftmax Softmax;
    public ArrayView<float> Query, Key, Value, Output;
    public AttentionPlace QueryPlace, KeyPlace, ValuePlace, OutputPlace;
    public int Size, ValueSize;

    public static void Launch(AttentionProblem problem, in AttentionOperand output, DeviceBuffer? softmax)
    {
        var (device, size) = (problem.Device, problem.Size);
        var scores = device.Allocate(checked(size.Rows * size.Keys), "scores of attention");
        var kept = softmax ?? device.Allocate(2 * size.Rows, "softmax of attention");
        device.ForRows(
            new AttentionDecode
            {
                Softmax = new AttentionSoftmax
                {
                    Scores = scores.Floats,
                    Softmax = kept.Floats,
                    Bias = problem.BiasView,
                    Lengths = problem.LengthsView,
                    Rule = problem.Rule,
                    Block = new AttentionBlockPlace { Samples = size.Batch, Heads = size.Heads, Queries = size.Queries },
                },
                Query = problem.Query.Buffer.Floats,
                Key = problem.Key.Buffer.Floats,
                Value = problem.Value.Buffer.Floats,
                Output = output.Buffer.Floats,
                QueryPlace = new(problem.Query),
                KeyPlace = new(problem.Key),
                ValuePlace = new(problem.Value),
                OutputPlace = new(output),
                Size = size.Size,
                ValueSize = size.ValueSize,
            },
            size.Rows, size.Keys, 0.1f * size.Keys * (size.Size + size.ValueSize));
        scores.Free();
        if (softmax is null) kept.Free();
    }

    public readonly unsafe void Row<TTeam>(int row) where TTeam : struct, ITeam
    {
        var (rule, block) = (Softmax.Rule, Softmax.Block);
        int sample = block.Sample(row), head = block.Head(row), t = block.Query(row), length = rule.Keys;
        if (rule.HasLengths != 0) length = Softmax.Lengths.Ptr()[sample];
        int n = rule.Visible(length, t);
        float* scores = Softmax.Scores.Ptr() + row * rule.Keys, query = Query.Ptr() + QueryPlace.Row(sample, head, t);
        float* keys = Key.Ptr() + KeyPlace.Row(sample, head, 0);
        for (int s = 0; s < n; s++)
        {
            float score = TTeam.Sum(Size, new ProductMap { X = query, Y = keys + s * KeyPlace.Time });
            if (TTeam.Rank == 0) scores[s] = score;
        }
        TTeam.Barrier();
        Softmax.Row<TTeam>(row);
        TTeam.Barrier();
        WeightedRows.Sum<TTeam>(
            scores, Value.Ptr() + ValuePlace.Row(sample, head, 0), Output.Ptr() + OutputPlace.Row(sample, head, t), n, ValueSize, ValuePlace.Time);
    }
}
