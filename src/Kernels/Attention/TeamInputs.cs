using ILGPU;

namespace GpuNets.Kernels;

/// <summary>An operand as the fused kernels for GPUs get it.</summary>
internal struct TeamOperand(in AttentionOperand operand)
{
    public ArrayView<float> View = operand.Buffer.Floats;
    public AttentionPlace Place = new(operand);

    /// <summary>Its rows of a pair.</summary>
    public readonly TeamRows Rows(in TeamPair pair, int rows) =>
        new() { View = View, Start = Place.Row(pair.Sample, pair.Head, 0), Step = Place.Time, Rows = rows };

    /// <summary>The same to be written.</summary>
    public readonly TeamRowsTarget<TAccess> Target<TAccess>(in TeamPair pair, int rows, int columns) where TAccess : struct, ITeamAccess =>
        new() { View = TAccess.From(View, Place.Row(pair.Sample, pair.Head, 0)), Step = Place.Time, Rows = rows, Columns = columns };
}

/// <summary>The sample and head of a group, and what its scores need.</summary>
internal struct TeamPair
{
    public int Pair, Sample, Head;
    public TeamScores Scores;
}

/// <summary>What all fused kernels for GPUs read.</summary>
internal struct TeamInputs(AttentionProblem problem, int firstPair)
{
    public TeamOperand Query = new(problem.Query), Key = new(problem.Key), Value = new(problem.Value);
    public ArrayView<float> Bias = problem.BiasView;
    public ArrayView<int> Lengths = problem.LengthsView;
    public AttentionRule Rule = problem.Rule;
    public int Size = problem.Size.Size, ValueSize = problem.Size.ValueSize, FirstPair = firstPair;

    /// <summary>The pair that a group works on.</summary>
    public readonly TeamPair Pair(int index)
    {
        int pair = FirstPair + index, sample = pair / Rule.Heads, length = Rule.Keys;
        if (Rule.HasLengths != 0) length = Lengths[sample];
        return new TeamPair
        {
            Pair = pair,
            Sample = sample,
            Head = pair % Rule.Heads,
            Scores = new TeamScores { Bias = Bias, Rule = Rule, Pair = pair, Length = length, BiasStart = Rule.BiasRow(pair, 0) },
        };
    }
}

/// <summary>What the kernels of gradients read besides.</summary>
internal struct TeamGradientInputs(AttentionProblem problem, int firstPair, in AttentionOperand outputGradient, DeviceBuffer softmax, DeviceBuffer deltas)
{
    public TeamInputs Inputs = new(problem, firstPair);
    public TeamOperand OutputGradient = new(outputGradient);
    public ArrayView<float> Softmax = softmax.Floats, Deltas = deltas.Floats;

    public readonly TeamSlopes Slopes(in TeamPair pair) =>
        new() { Scores = pair.Scores, Softmax = Softmax, Deltas = Deltas, Row0 = pair.Pair * Inputs.Rule.Queries };
}
