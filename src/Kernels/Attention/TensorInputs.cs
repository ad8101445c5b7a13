using ILGPU;

namespace GpuNets.Kernels;

/// <summary>What all attention kernels of tensor cores read.</summary>
internal struct TensorInputs(AttentionProblem problem, int firstPair, TensorOperand query, TensorOperand key, TensorOperand value)
{
    public TeamInputs Inputs = new(problem, firstPair);
    public TensorOperand Query = query, Key = key, Value = value;
}

/// <summary>The queries of a group and of a warp, and the keys that they see.</summary>
internal struct TensorPlaceOfQueries
{
    public TeamPair Pair;

    /// <summary>First query of the warp, and of the lane; the lane's other lies eight behind it.</summary>
    public int FirstQuery, Query;

    /// <summary>Keys that a query of the group sees, and one of the warp; how many all of the group see.</summary>
    public int Keys, WarpKeys, WholeKeys;

    /// <summary>Keys that the lane's queries see.</summary>
    public int Seen, Seen8;

    public static TensorPlaceOfQueries Of(in TensorInputs inputs)
    {
        var rule = inputs.Inputs.Rule;
        var pair = inputs.Inputs.Pair(Grid.IdxY);
        // Late queries see the most keys where any mask is causal: their groups begin first.
        int t0 = (Grid.DimX - 1 - Grid.IdxX) * TensorStages<Head32>.Rows, end = t0 + TensorStages<Head32>.Rows;
        int first = t0 + Group.IdxX / WarpThreads.Width * 16, t = first + TensorRows.Lane / 4, length = pair.Scores.Length;
        return new()
        {
            Pair = pair,
            FirstQuery = first,
            Query = t,
            Keys = rule.Visible(length, (end < rule.Queries ? end : rule.Queries) - 1),
            WarpKeys = first < rule.Queries ? rule.Visible(length, first + 15) : 0,
            WholeKeys = rule.Visible(length, t0),
            Seen = rule.Visible(length, t),
            Seen8 = rule.Visible(length, t + 8),
        };
    }
}

/// <summary>Where a group writes rows of a head.</summary>
internal struct TensorResult(in AttentionOperand target, bool isAligned)
{
    public TeamOperand Target = new(target);

    /// <summary>1 if rows can be written four floats at a time.</summary>
    public int IsAligned = isAligned ? 1 : 0;

    /// <summary>Writes the sums of a warp.</summary>
    public readonly void Store<THead>(TensorHeadSums sums, in TeamPair pair, int row, int rows, int columns) where THead : struct, ITensorHead
    {
        if (IsAligned != 0) TensorHeadSums.Store<THead, TeamRowsTarget<VectorAccess>>(sums, Target.Target<VectorAccess>(pair, rows, columns), row);
        else TensorHeadSums.Store<THead, TeamRowsTarget<ScalarAccess>>(sums, Target.Target<ScalarAccess>(pair, rows, columns), row);
    }
}
