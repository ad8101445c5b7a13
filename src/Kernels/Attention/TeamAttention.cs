using ILGPU;

namespace GpuNets.Kernels;

/// <summary>
/// Forward on GPUs in float32: a group of 256 threads takes 64 queries of a pair of sample and head and walks over 64 keys at a time. Both
/// products are register tiles over slices in shared memory; the weights stay in shared memory, the sums of the output in registers.
/// </summary>
/// <typeparam name="TAccess">Vector or scalar access to the operands.</typeparam>
/// <typeparam name="TColumns">Tiles for the features of a value.</typeparam>
/// <typeparam name="TExchange">How the threads of a row exchange numbers.</typeparam>
internal struct TeamAttention<TAccess, TColumns, TExchange> : IGridKernel
    where TAccess : struct, ITeamAccess where TColumns : struct, ITeamColumns<TColumns> where TExchange : struct, ITeamExchange
{
    public TeamInputs Inputs;
    public TeamOperand Output;
    public ArrayView<float> Softmax;

    /// <summary>1 if backward needs largest scores and sums; kernels take no bool.</summary>
    public int KeepsSoftmax;

    public readonly void Run()
    {
        var stages = new TeamStages(SharedMemory.Allocate<Float4>(TeamStages.Stages), SharedMemory.Allocate<Float4>(TeamStages.Weights));
        int x = Group.IdxX % 16, y = Group.IdxX / 16, t0 = Grid.IdxX * TeamStages.Width, t = t0 + 4 * y;
        var rule = Inputs.Rule;
        var pair = Inputs.Pair(Grid.IdxY);
        var scores = pair.Scores;
        int last = t0 + TeamStages.Width < rule.Queries ? t0 + TeamStages.Width : rule.Queries, keys = rule.Visible(scores.Length, last - 1);
        TeamRows query = Inputs.Query.Rows(pair, rule.Queries), key = Inputs.Key.Rows(pair, rule.Keys), value = Inputs.Value.Rows(pair, rule.Keys);
        TColumns output = default;
        Float4 max = TeamScores.Of(float.NegativeInfinity), sum = default;
        for (int k0 = 0; k0 < keys; k0 += TeamStages.Width)
        {
            var tile = stages.Product<TAccess>(query, t0, key, k0, Inputs.Size);
            int k = k0 + 4 * x;
            tile.R0 = scores.Row(tile.R0, t, k);
            tile.R1 = scores.Row(tile.R1, t + 1, k);
            tile.R2 = scores.Row(tile.R2, t + 2, k);
            tile.R3 = scores.Row(tile.R3, t + 3, k);
            var largest = TExchange.Max(
                new Float4 { X = TeamScores.Max(tile.R0), Y = TeamScores.Max(tile.R1), Z = TeamScores.Max(tile.R2), W = TeamScores.Max(tile.R3) }, stages.Scratch);
            var before = max;
            max = TeamScores.Larger(before, largest);
            Float4 shift = Shift(max);
            var decay = new Float4
            {
                X = TeamScores.Exp(before.X, shift.X),
                Y = TeamScores.Exp(before.Y, shift.Y),
                Z = TeamScores.Exp(before.Z, shift.Z),
                W = TeamScores.Exp(before.W, shift.W),
            };
            tile.R0 = TeamScores.Exp(tile.R0, shift.X);
            tile.R1 = TeamScores.Exp(tile.R1, shift.Y);
            tile.R2 = TeamScores.Exp(tile.R2, shift.Z);
            tile.R3 = TeamScores.Exp(tile.R3, shift.W);
            // Sums of the thread's own columns: those of the row are added up at the end.
            sum = new Float4
            {
                X = sum.X * decay.X + TeamScores.Sum(tile.R0),
                Y = sum.Y * decay.Y + TeamScores.Sum(tile.R1),
                Z = sum.Z * decay.Z + TeamScores.Sum(tile.R2),
                W = sum.W * decay.W + TeamScores.Sum(tile.R3),
            };
            if (rule.HasDropout != 0)
            {
                tile.R0 = scores.Drop(tile.R0, t, k);
                tile.R1 = scores.Drop(tile.R1, t + 1, k);
                tile.R2 = scores.Drop(tile.R2, t + 2, k);
                tile.R3 = scores.Drop(tile.R3, t + 3, k);
            }
            stages.Keep(tile);   // the first barrier of the next product stands behind it
            output = TColumns.Add(
                TColumns.Scale(output, decay),
                new TeamWeighted<TAccess> { Stages = stages, B = value, FirstRow = k0, Count = keys - k0 < TeamStages.Width ? keys - k0 : TeamStages.Width, Columns = Inputs.ValueSize });
        }
        sum = TExchange.Sum(sum, stages.Scratch);
        var factor = new Float4 { X = Inverse(sum.X), Y = Inverse(sum.Y), Z = Inverse(sum.Z), W = Inverse(sum.W) };
        TColumns.Store(TColumns.Scale(output, factor), Output.Target<TAccess>(pair, rule.Queries, Inputs.ValueSize), t);
        if (KeepsSoftmax == 0 || x != 0) return;
        int row = pair.Pair * rule.Queries;
        Put(row, t, max.X, factor.X, sum.X);
        Put(row, t + 1, max.Y, factor.Y, sum.Y);
        Put(row, t + 2, max.Z, factor.Z, sum.Z);
        Put(row, t + 3, max.W, factor.W, sum.W);
    }

    private readonly void Put(int row, int t, float max, float factor, float sum)
    {
        if (t >= Inputs.Rule.Queries) return;
        Softmax[2 * (row + t)] = DeviceMath.IfEqual(sum, 0f, float.PositiveInfinity, max);
        Softmax[2 * (row + t) + 1] = factor;
    }

    private static float Inverse(float sum) => DeviceMath.IfEqual(sum, 0f, 0f, 1f / sum);

    /// <summary>Any finite number where no key was seen.</summary>
    private static Float4 Shift(Float4 max) => new() { X = Shift(max.X), Y = Shift(max.Y), Z = Shift(max.Z), W = Shift(max.W) };

    private static float Shift(float max) => DeviceMath.IfEqual(max, float.NegativeInfinity, 0f, max);
}
