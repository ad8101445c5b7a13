namespace GpuNets.Kernels;

/// <summary>The launches for one size of heads.</summary>
internal static class TensorAttentionRun<THead, TExtras> where THead : struct, ITensorHead where TExtras : struct, ITensorExtras
{
    public static void Forward(AttentionProblem problem, AttentionOperand output, DeviceBuffer? softmax)
    {
        var size = problem.Size;
        DeviceBuffer query = Allocate(problem, size.Queries), key = Allocate(problem, size.Keys), value = Allocate(problem, size.Keys);
        var (q, k, v) = Inputs(problem, query, key, value);
        bool aligned = IsAligned(output, size.ValueSize);
        Launch(problem, size.Queries, first => new TensorAttention<THead, TExtras>
        {
            Inputs = new(problem, first, q, k, v),
            Output = new(output, aligned),
            Softmax = (softmax ?? output.Buffer).Floats,
            KeepsSoftmax = softmax is null ? 0 : 1,
        });
        query.Free();
        key.Free();
        value.Free();
    }

    public static void Backward(
        AttentionProblem problem, in AttentionOperand output, DeviceBuffer softmax, in AttentionOperand outputGradient, AttentionGradients gradients)
    {
        var size = problem.Size;
        DeviceBuffer query = Allocate(problem, size.Queries), key = Allocate(problem, size.Keys), value = Allocate(problem, size.Keys);
        DeviceBuffer given = Allocate(problem, size.Queries), statistics = problem.Device.Allocate(TensorStatistics.Floats(size), "statistics of attention");
        var (q, k, v) = Inputs(problem, query, key, value);
        var operands = new Operands(problem, q, k, v, TensorOperand.Round<THead>(problem, outputGradient, given, size.Queries, size.ValueSize, isKeys: false), statistics);
        TensorStatistics.Launch(size, output, outputGradient, softmax, statistics);
        if (gradients.Query is { } dq) operands.Queries(dq);
        // The sums of both fit the registers of heads of up to 96 features.
        if (gradients.Key is { } bothKeys && gradients.Value is { } bothValues && THead.Parts <= 3) operands.Keys<TensorBothSides>(bothKeys, bothValues);
        else
        {
            if (gradients.Key is { } dk) operands.Keys<TensorKeySide>(dk, dk);
            if (gradients.Value is { } dv) operands.Keys<TensorValueSide>(dv, dv);
        }
        foreach (var buffer in new[] { query, key, value, given, statistics }) buffer.Free();
    }

    private static DeviceBuffer Allocate(AttentionProblem problem, int rows) =>
        problem.Device.Allocate(TensorOperand.Floats<THead>(problem.Size.Pairs, rows), "rounded operand of attention");

    private static (TensorOperand Query, TensorOperand Key, TensorOperand Value) Inputs(
        AttentionProblem problem, DeviceBuffer query, DeviceBuffer key, DeviceBuffer value) =>
        (TensorOperand.Round<THead>(problem, problem.Query, query, problem.Size.Queries, problem.Size.Size, isKeys: false),
            TensorOperand.Round<THead>(problem, problem.Key, key, problem.Size.Keys, problem.Size.Size, isKeys: true),
            TensorOperand.Round<THead>(problem, problem.Value, value, problem.Size.Keys, problem.Size.ValueSize, isKeys: true));

    private sealed record Operands(
        AttentionProblem Problem, TensorOperand Query, TensorOperand Key, TensorOperand Value, TensorOperand OutputGradient, DeviceBuffer Statistics)
    {
        public void Queries(AttentionOperand target)
        {
            bool aligned = IsAligned(target, Problem.Size.Size);
            Launch(Problem, Problem.Size.Queries, first => new TensorAttentionQueries<THead, TExtras>
            {
                Inputs = new(Problem, first, Query, Key, Value),
                OutputGradient = OutputGradient,
                Statistics = Statistics.Floats,
                QueryGradient = new(target, aligned),
            });
        }

        public void Keys<TSide>(AttentionOperand keys, AttentionOperand values) where TSide : struct, ITensorKeySide
        {
            bool keysAligned = IsAligned(keys, Problem.Size.Size), valuesAligned = IsAligned(values, Problem.Size.ValueSize);
            Launch(Problem, Problem.Size.Keys, first => new TensorAttentionKeys<TSide, THead, TExtras>
            {
                Inputs = new(Problem, first, Query, Key, Value),
                OutputGradient = OutputGradient,
                Statistics = Statistics.Floats,
                KeyGradient = new(keys, keysAligned),
                ValueGradient = new(values, valuesAligned),
            });
        }
    }

    private static bool IsAligned(in AttentionOperand target, int features) => (features & 3) == 0 && TeamAttentionLauncher.IsAligned(target);

    private static void Launch<TKernel>(AttentionProblem problem, int rows, Func<int, TKernel> kernel) where TKernel : struct, IGridKernel =>
        TeamAttentionLauncher.Launch(problem, rows, kernel, TensorStages<THead>.Rows, TensorStages<THead>.Threads);
}
