using ILGPU;

namespace GpuNets.Kernels;

/// <summary>Which gradient a pass over the queries makes: that of the values from weights, or that of the keys from slopes.</summary>
internal interface ITeamKeySide
{
    /// <summary>True for the keys: the pass then needs products with the values as well.</summary>
    static abstract bool IsKeys { get; }
}

/// <summary>Keys.</summary>
internal readonly struct KeySide : ITeamKeySide
{
    public static bool IsKeys => true;
}

/// <summary>Values.</summary>
internal readonly struct ValueSide : ITeamKeySide
{
    public static bool IsKeys => false;
}

/// <summary>
/// The gradient of the keys or the values on GPUs: a group takes 64 keys and walks over the queries that see them, 64 at a time, so that every
/// gradient has one writer, which adds in order. Two launches, each with the registers for one gradient.
/// </summary>
internal struct TeamAttentionKeys<TSide, TAccess, TColumns> : IGridKernel
    where TSide : struct, ITeamKeySide where TAccess : struct, ITeamAccess where TColumns : struct, ITeamColumns<TColumns>
{
    public TeamGradientInputs Gradients;
    public TeamOperand Gradient;

    public readonly void Run()
    {
        var stages = new TeamStages(SharedMemory.Allocate<Float4>(TeamStages.Stages), SharedMemory.Allocate<Float4>(TeamStages.Weights));
        int x = Group.IdxX % 16, y = Group.IdxX / 16, k0 = Grid.IdxX * TeamStages.Width, k = k0 + 4 * y;
        var inputs = Gradients.Inputs;
        var rule = inputs.Rule;
        var pair = inputs.Pair(Grid.IdxY);
        var slopes = Gradients.Slopes(pair);
        TeamRows query = inputs.Query.Rows(pair, rule.Queries), given = Gradients.OutputGradient.Rows(pair, rule.Queries);
        TeamRows key = inputs.Key.Rows(pair, rule.Keys), value = inputs.Value.Rows(pair, rule.Keys);
        int columns = TSide.IsKeys ? inputs.Size : inputs.ValueSize;
        TColumns gradient = default;
        for (int t0 = 0; t0 < rule.Queries; t0 += TeamStages.Width)
        {
            int count = rule.Queries - t0 < TeamStages.Width ? rule.Queries - t0 : TeamStages.Width;
            // The last query of a tile sees the most.
            if (rule.Visible(pair.Scores.Length, t0 + count - 1) > k0)
            {
                var p = stages.Product<TAccess>(key, k0, query, t0, inputs.Size);
                int t = t0 + 4 * x;
                if (TSide.IsKeys)
                {
                    var d = stages.Product<TAccess>(value, k0, given, t0, inputs.ValueSize);
                    p.R0 = slopes.Column(p.R0, d.R0, t, k);
                    p.R1 = slopes.Column(p.R1, d.R1, t, k + 1);
                    p.R2 = slopes.Column(p.R2, d.R2, t, k + 2);
                    p.R3 = slopes.Column(p.R3, d.R3, t, k + 3);
                }
                else
                {
                    p.R0 = slopes.Weights(p.R0, t, k);
                    p.R1 = slopes.Weights(p.R1, t, k + 1);
                    p.R2 = slopes.Weights(p.R2, t, k + 2);
                    p.R3 = slopes.Weights(p.R3, t, k + 3);
                }
                stages.Keep(p);
                var rows = TSide.IsKeys ? query : given;
                gradient = TColumns.Add(gradient, new TeamWeighted<TAccess> { Stages = stages, B = rows, FirstRow = t0, Count = count, Columns = columns });
            }
        }
        TColumns.Store(gradient, Gradient.Target<TAccess>(pair, rule.Keys, columns), k);
    }
}
