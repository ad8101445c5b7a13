using ILGPU;

namespace GpuNets.Kernels;

/// <summary>What a thread does with its 4 x 4 scores: four queries (or keys, backward) by four keys (or queries).</summary>
internal struct TeamScores
{
    public ArrayView<float> Bias;
    public AttentionRule Rule;
    public int Pair, Length;

    /// <summary>First element of the pair's bias.</summary>
    public int BiasStart;

    /// <summary>The larger number in one instruction; of a number and NaN, GPUs take the number.</summary>
    public static float Larger(float a, float b) => MathF.Max(a, b);

    public static Float4 Larger(Float4 a, Float4 b) =>
        new() { X = Larger(a.X, b.X), Y = Larger(a.Y, b.Y), Z = Larger(a.Z, b.Z), W = Larger(a.W, b.W) };

    public static float Max(Float4 v) => Larger(Larger(v.X, v.Y), Larger(v.Z, v.W));

    public static float Sum(Float4 v) => v.X + v.Y + (v.Z + v.W);

    public static Float4 Of(float value) => new() { X = value, Y = value, Z = value, W = value };

    /// <summary>How many keys a query sees; none beyond the last query.</summary>
    public readonly int Visible(int t) => t < Rule.Queries ? Rule.Visible(Length, t) : 0;

    /// <summary>Scores of query t with four keys: scaled, with bias, -infinity where it does not see them.</summary>
    public readonly Float4 Row(Float4 x, int t, int key)
    {
        int seen = Visible(t);
        return new Float4 { X = At(x.X, t, key, seen), Y = At(x.Y, t, key + 1, seen), Z = At(x.Z, t, key + 2, seen), W = At(x.W, t, key + 3, seen) };
    }

    /// <summary>The score of a query with a key.</summary>
    public readonly float At(float x, int t, int key, int seen)
    {
        float score = x * Rule.Scale;
        if (Rule.HasBias != 0 && key < seen) score += Bias[BiasStart + t * Rule.Keys + key];
        return key < seen ? score : float.NegativeInfinity;
    }

    public readonly float Mask(int t, int key) => Rule.HasDropout == 0 ? 1f : Rule.Mask(Pair, t, key);

    /// <summary>e^(x - shift); 0 for -infinity.</summary>
    public static float Exp(float x, float shift) => LaneMath.Exp(new Scalar(x - shift)).Value;

    public static Float4 Exp(Float4 x, float shift) => new() { X = Exp(x.X, shift), Y = Exp(x.Y, shift), Z = Exp(x.Z, shift), W = Exp(x.W, shift) };

    /// <summary>Dropout of the weights of four keys from a multiple of four on.</summary>
    public readonly Float4 Drop(Float4 p, int t, int key)
    {
        var masks = Rule.Masks(Pair, t, key);
        return new Float4 { X = p.X * masks.X, Y = p.Y * masks.Y, Z = p.Z * masks.Z, W = p.W * masks.W };
    }
}

/// <summary>Rows of a result, four columns at a time.</summary>
internal struct TeamRowsTarget<TAccess> : ITeamTarget where TAccess : struct, ITeamAccess
{
    public ArrayView<float> View;
    public int Step, Rows, Columns;

    public readonly void Put(int row, int column, Float4 sums)
    {
        if (row < Rows) TAccess.Store(View, row * Step + column, sums, Columns - column);
    }
}
