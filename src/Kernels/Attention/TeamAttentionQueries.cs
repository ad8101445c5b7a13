using ILGPU;

namespace GpuNets.Kernels;

/// <summary>
/// The gradient of the queries on GPUs: as <see cref="TeamAttention{TAccess, TColumns, TExchange}"/>, a group takes 64 queries and walks over the
/// keys. It computes the weights again, and the gradients of the scores, which it multiplies with the keys.
/// </summary>
internal struct TeamAttentionQueries<TAccess, TColumns> : IGridKernel where TAccess : struct, ITeamAccess where TColumns : struct, ITeamColumns<TColumns>
{
    public TeamGradientInputs Gradients;
    public TeamOperand QueryGradient;

    public readonly void Run()
    {
        var stages = new TeamStages(SharedMemory.Allocate<Float4>(TeamStages.Stages), SharedMemory.Allocate<Float4>(TeamStages.Weights));
        int x = Group.IdxX % 16, y = Group.IdxX / 16, t0 = Grid.IdxX * TeamStages.Width, t = t0 + 4 * y;
        var inputs = Gradients.Inputs;
        var rule = inputs.Rule;
        var pair = inputs.Pair(Grid.IdxY);
        var slopes = Gradients.Slopes(pair);
        int last = t0 + TeamStages.Width < rule.Queries ? t0 + TeamStages.Width : rule.Queries, keys = rule.Visible(pair.Scores.Length, last - 1);
        TeamRows query = inputs.Query.Rows(pair, rule.Queries), given = Gradients.OutputGradient.Rows(pair, rule.Queries);
        TeamRows key = inputs.Key.Rows(pair, rule.Keys), value = inputs.Value.Rows(pair, rule.Keys);
        TColumns gradient = default;
        for (int k0 = 0; k0 < keys; k0 += TeamStages.Width)
        {
            var p = stages.Product<TAccess>(query, t0, key, k0, inputs.Size);
            var d = stages.Product<TAccess>(given, t0, value, k0, inputs.ValueSize);
            int k = k0 + 4 * x;
            d.R0 = slopes.Row(p.R0, d.R0, t, k);
            d.R1 = slopes.Row(p.R1, d.R1, t + 1, k);
            d.R2 = slopes.Row(p.R2, d.R2, t + 2, k);
            d.R3 = slopes.Row(p.R3, d.R3, t + 3, k);
            stages.Keep(d);
            gradient = TColumns.Add(
                gradient,
                new TeamWeighted<TAccess> { Stages = stages, B = key, FirstRow = k0, Count = keys - k0 < TeamStages.Width ? keys - k0 : TeamStages.Width, Columns = inputs.Size });
        }
        TColumns.Store(gradient, QueryGradient.Target<TAccess>(pair, rule.Queries, inputs.Size), t);
    }
}
