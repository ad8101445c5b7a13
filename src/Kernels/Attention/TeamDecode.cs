using ILGPU;

namespace GpuNets.Kernels;

/// <summary>
/// Forward on GPUs for a few queries, as in decoding: keys and values are read once, and there are many more of them than groups of queries
/// would keep busy. A group of 256 threads takes a part of the keys of one query, 64 at a time: 16 neighbouring threads take four keys and share
/// their features, and carry on a softmax of their own, so that the loop needs no shared memory. At the end the group puts its sixteen together,
/// and <see cref="DecodeParts"/> the parts.
/// </summary>
/// <typeparam name="TAccess">Vector or scalar access to the operands.</typeparam>
/// <typeparam name="TWidth">Features of a head.</typeparam>
/// <typeparam name="TExchange">How the threads of a key exchange numbers.</typeparam>
internal struct TeamDecode<TAccess, TWidth, TExchange> : IGridKernel
    where TAccess : struct, ITeamAccess where TWidth : struct, IDecodeWidth where TExchange : struct, ITeamExchange
{
    /// <summary>Keys of a step.</summary>
    public const int Step = 64;

    public TeamInputs Inputs;
    public TeamOperand Output;

    /// <summary>[row][part][ValueSize + 2]: sums of values, largest score and sum of weights; unused with one part.</summary>
    public ArrayView<float> Partial;
    public ArrayView<float> Softmax;

    /// <summary>Keys of a part, a multiple of the step.</summary>
    public int Terms;
    public int Parts, KeepsSoftmax;

    public readonly void Run()
    {
        var scratch = SharedMemory.Allocate<Float4>(TeamAttentionLauncher.GroupSize);
        int y = Group.IdxX / 16, t = Grid.IdxZ, start = Grid.IdxX * Terms;
        var pair = Inputs.Pair(Grid.IdxY);
        var scores = pair.Scores;
        int seen = scores.Visible(t), end = start + Terms < seen ? start + Terms : seen;
        TeamRows queries = Inputs.Query.Rows(pair, Inputs.Rule.Queries), keys = Inputs.Key.Rows(pair, Inputs.Rule.Keys), values = Inputs.Value.Rows(pair, Inputs.Rule.Keys);
        var query = DecodeRow<TWidth>.Load<TAccess>(TAccess.From(queries.View, queries.Start), t * queries.Step, Inputs.Size);
        ArrayView<float> key = TAccess.From(keys.View, keys.Start), value = TAccess.From(values.View, values.Start);
        DecodeRow<TWidth> output = default;
        float max = float.NegativeInfinity, sum = 0f;
        for (int k0 = start; k0 < end; k0 += Step)
        {
            int k = k0 + 4 * y;
            var x = new Float4
            {
                X = DecodeRow<TWidth>.Product(query, Row(key, keys.Step, k, end, Inputs.Size)),
                Y = DecodeRow<TWidth>.Product(query, Row(key, keys.Step, k + 1, end, Inputs.Size)),
                Z = DecodeRow<TWidth>.Product(query, Row(key, keys.Step, k + 2, end, Inputs.Size)),
                W = DecodeRow<TWidth>.Product(query, Row(key, keys.Step, k + 3, end, Inputs.Size)),
            };
            DecodeRow<TWidth> v0 = Row(value, values.Step, k, end, Inputs.ValueSize), v1 = Row(value, values.Step, k + 1, end, Inputs.ValueSize);
            DecodeRow<TWidth> v2 = Row(value, values.Step, k + 2, end, Inputs.ValueSize), v3 = Row(value, values.Step, k + 3, end, Inputs.ValueSize);
            x = TExchange.Sum(x, scratch);
            x = new Float4 { X = scores.At(x.X, t, k, end), Y = scores.At(x.Y, t, k + 1, end), Z = scores.At(x.Z, t, k + 2, end), W = scores.At(x.W, t, k + 3, end) };
            float before = max;
            max = TeamScores.Larger(max, TeamScores.Max(x));
            float shift = Shift(max), decay = TeamScores.Exp(before, shift);
            x = TeamScores.Exp(x, shift);
            sum = sum * decay + TeamScores.Sum(x);
            if (Inputs.Rule.HasDropout != 0) x = scores.Drop(x, t, k);
            output = DecodeRow<TWidth>.Scale(decay, output);
            output = DecodeRow<TWidth>.MulAdd(x.X, v0, output);
            output = DecodeRow<TWidth>.MulAdd(x.Y, v1, output);
            output = DecodeRow<TWidth>.MulAdd(x.Z, v2, output);
            output = DecodeRow<TWidth>.MulAdd(x.W, v3, output);
        }
        Finish(output, max, sum, scratch, pair, t);
    }

    // Puts the sixteen softmaxes of the group together.
    private readonly void Finish(DecodeRow<TWidth> output, float max, float sum, ArrayView<Float4> scratch, in TeamPair pair, int t)
    {
        scratch[Group.IdxX] = new Float4 { X = max, Y = sum };
        Group.Barrier();
        float largest = float.NegativeInfinity, total = 0f;
        for (int i = 0; i < 16; i++) largest = TeamScores.Larger(largest, scratch[16 * i].X);
        float shift = Shift(largest);
        for (int i = 0; i < 16; i++)
        {
            var one = scratch[16 * i];
            total += one.Y * TeamScores.Exp(one.X, shift);
        }
        output = DecodeRow<TWidth>.Scale(TeamScores.Exp(max, shift), output);
        float factor = Parts == 1 ? Inverse(total) : 1f;
        int row = pair.Pair * Inputs.Rule.Queries + t, width = Inputs.ValueSize + 2, partial = (row * Parts + Grid.IdxX) * width;
        for (int part = 0; part < TWidth.Parts; part++)
        {
            Group.Barrier();
            scratch[Group.IdxX] = output.Part(part);
            Group.Barrier();
            if (Group.IdxX < 16)
            {
                var column = scratch[Group.IdxX];
                for (int i = 1; i < 16; i++) column = Float4.Add(column, scratch[16 * i + Group.IdxX]);
                column = Float4.Scale(factor, column);
                int first = 64 * part + 4 * Group.IdxX;
                if (Parts == 1) Output.Target<TAccess>(pair, Inputs.Rule.Queries, Inputs.ValueSize).Put(t, first, column);
                else ScalarAccess.Store(Partial, partial + first, column, Inputs.ValueSize - first);
            }
        }
        if (Group.IdxX != 0) return;
        if (Parts > 1)
        {
            Partial[partial + Inputs.ValueSize] = largest;
            Partial[partial + Inputs.ValueSize + 1] = total;
        }
        else if (KeepsSoftmax != 0)
        {
            Softmax[2 * row] = DeviceMath.IfEqual(total, 0f, float.PositiveInfinity, largest);
            Softmax[2 * row + 1] = factor;
        }
    }

    private static DecodeRow<TWidth> Row(ArrayView<float> view, int step, int key, int end, int features) =>
        DecodeRow<TWidth>.Load<TAccess>(view, key < end ? key * step : 0, key < end ? features : 0);

    private static float Inverse(float sum) => DeviceMath.IfEqual(sum, 0f, 0f, 1f / sum);

    private static float Shift(float max) => DeviceMath.IfEqual(max, float.NegativeInfinity, 0f, max);
}

/// <summary>Puts the parts of each row together, a team per row.</summary>
internal struct DecodeParts : IRowKernel
{
    public ArrayView<float> Partial, Output, Softmax;
    public AttentionPlace OutputPlace;
    public int Heads, Queries, Parts, ValueSize, KeepsSoftmax;

    public readonly unsafe void Row<TTeam>(int row) where TTeam : struct, ITeam
    {
        int pair = row / Queries, width = ValueSize + 2;
        float* parts = Partial.Ptr() + row * Parts * width;
        float max = float.NegativeInfinity, sum = 0f;
        for (int i = 0; i < Parts; i++) max = TeamScores.Larger(max, parts[i * width + ValueSize]);
        float shift = DeviceMath.IfEqual(max, float.NegativeInfinity, 0f, max);
        for (int i = 0; i < Parts; i++) sum += parts[i * width + ValueSize + 1] * TeamScores.Exp(parts[i * width + ValueSize], shift);
        float factor = DeviceMath.IfEqual(sum, 0f, 0f, 1f / sum);
        TTeam.Each(ValueSize, new Column
        {
            X = parts,
            Y = Output.Ptr() + OutputPlace.Row(pair / Heads, pair % Heads, row % Queries),
            Parts = Parts,
            Width = width,
            Shift = shift,
            Factor = factor,
        });
        if (KeepsSoftmax == 0 || TTeam.Rank != 0) return;
        Softmax.Ptr()[2 * row] = DeviceMath.IfEqual(sum, 0f, float.PositiveInfinity, shift);
        Softmax.Ptr()[2 * row + 1] = factor;
    }

    private unsafe struct Column : IElementBody
    {
        public float* X, Y;
        public int Parts, Width;
        public float Shift, Factor;

        public readonly void At<T>(int i) where T : struct, ILane<T>
        {
            T sum = T.Of(0f);
            for (int part = 0; part < Parts; part++)
                sum = T.MulAdd(LaneMath.Exp(T.Of(X[part * Width + Width - 2] - Shift)), T.Load(X, part * Width + i), sum);
            T.Store(Y, i, sum * T.Of(Factor));
        }
    }
}
