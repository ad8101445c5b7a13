using ILGPU;

namespace GpuNets.Kernels;

/// <summary>
/// The gradient of the queries on GPUs: as <see cref="TeamAttention{TAccess, TColumns, TExchange}"/>, a group takes 64 queries and walks over the
/// keys. It computes the weights again, and the gradients of the scores, which it multiplies with the keys.
/// </summary>
internal struct TeamAttentionQueries<TAccess, TColumns> : IGridKernel where TAccess : struct, ITeamAccess where TColumns : struct, ITeamColumns<TColumns>
{
    public ArrayView<float> Query, Key, Value, OutputGradient, QueryGradient, Softmax, Deltas, Bias;
    public ArrayView<int> Lengths;
    public AttentionPlace QueryPlace, KeyPlace, ValuePlace, OutputPlace, QueryGradientPlace;
    public AttentionRule Rule;
    public int Size, ValueSize, FirstPair;

    public readonly void Run()
    {
        var stages = new TeamStages(SharedMemory.Allocate<Float4>(TeamStages.Stages), SharedMemory.Allocate<Float4>(TeamStages.Weights));
        int x = Group.IdxX % 16, y = Group.IdxX / 16, t0 = Grid.IdxX * TeamStages.Width, t = t0 + 4 * y;
        int pair = FirstPair + Grid.IdxY, sample = pair / Rule.Heads, head = pair % Rule.Heads, length = Rule.Keys;
        if (Rule.HasLengths != 0) length = Lengths[sample];
        var slopes = new TeamSlopes
        {
            Scores = new TeamScores { Bias = Bias, Rule = Rule, Pair = pair, Length = length },
            Softmax = Softmax,
            Deltas = Deltas,
            Row0 = pair * Rule.Queries,
        };
        int last = t0 + TeamStages.Width < Rule.Queries ? t0 + TeamStages.Width : Rule.Queries, keys = Rule.Visible(length, last - 1);
        var query = new TeamRows { View = Query, Start = QueryPlace.Row(sample, head, 0), Step = QueryPlace.Time, Rows = Rule.Queries };
        var given = new TeamRows { View = OutputGradient, Start = OutputPlace.Row(sample, head, 0), Step = OutputPlace.Time, Rows = Rule.Queries };
        var key = new TeamRows { View = Key, Start = KeyPlace.Row(sample, head, 0), Step = KeyPlace.Time, Rows = Rule.Keys };
        var value = new TeamRows { View = Value, Start = ValuePlace.Row(sample, head, 0), Step = ValuePlace.Time, Rows = Rule.Keys };
        TColumns gradient = default;
        for (int k0 = 0; k0 < keys; k0 += TeamStages.Width)
        {
            var p = stages.Product<TAccess>(query, t0, key, k0, Size);
            var d = stages.Product<TAccess>(given, t0, value, k0, ValueSize);
            int k = k0 + 4 * x;
            d.R0 = slopes.Row(p.R0, d.R0, t, k);
            d.R1 = slopes.Row(p.R1, d.R1, t + 1, k);
            d.R2 = slopes.Row(p.R2, d.R2, t + 2, k);
            d.R3 = slopes.Row(p.R3, d.R3, t + 3, k);
            stages.Keep(d);
            gradient = TColumns.Add(
                gradient,
                new TeamWeighted<TAccess> { Stages = stages, B = key, FirstRow = k0, Count = keys - k0 < TeamStages.Width ? keys - k0 : TeamStages.Width, Columns = Size });
        }
        TColumns.Store(
            gradient,
            new TeamRowsTarget<TAccess>
            {
                View = TAccess.From(QueryGradient, QueryGradientPlace.Row(sample, head, 0)),
                Step = QueryGradientPlace.Time,
                Rows = Rule.Queries,
                Columns = Size,
            },
            t, 4 * x);
    }
}
