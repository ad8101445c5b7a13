using ILGPU;

namespace GpuNets.Kernels;

/// <summary>
/// What a lane does with a strip of scores: two rows, eight apart, by two neighbouring columns of each tile. Scores are in units of which 2 to
/// their power is the weight once they are multiplied with <see cref="Exponent"/>.
/// </summary>
internal struct TensorScores<TExtras>(in TeamScores scores) where TExtras : struct, ITensorExtras
{
    private const float Log2E = 1.44269504f;

    public TeamScores Scores = scores;

    /// <summary>What products of queries and keys are multiplied with.</summary>
    public float Factor = scores.Rule.Scale * Log2E;

    /// <summary>True where they are multiplied at once: before a bias is added, and where a factor that is not positive would turn their order around.</summary>
    /// <remarks>The bits of a positive float are a positive integer, and no comparison of floats can be turned around for NaN.</remarks>
    public readonly bool IsEarly => TExtras.Has && (Scores.Rule.HasBias != 0 || (int)Interop.FloatAsInt(Factor) <= 0);

    /// <summary>What they are multiplied with later, in the exponent.</summary>
    public readonly float Exponent => IsEarly ? 1f : Factor;

    /// <summary>Whether weights are dropped.</summary>
    public readonly bool Drops => TExtras.Has && Scores.Rule.HasDropout != 0;

    /// <summary>From units of the scores to those of the attention.</summary>
    public readonly float Unit => Exponent * (1f / Log2E);

    /// <summary>Adds the bias and hides the keys that rows t and t + 8, which see so many, do not see; the first column is the lane's key.</summary>
    public static TensorStrip Rows(TensorScores<TExtras> scores, TensorStrip x, int t, int key, int seen, int seen8) => new()
    {
        A = scores.Rows(x.A, t, key, seen, seen8),
        B = scores.Rows(x.B, t, key + 8, seen, seen8),
        C = scores.Rows(x.C, t, key + 16, seen, seen8),
        D = scores.Rows(x.D, t, key + 24, seen, seen8),
    };

    /// <summary>The same where rows are keys, which are seen from queries first and first8 on, and columns are queries.</summary>
    public static TensorStrip Columns(TensorScores<TExtras> scores, TensorStrip x, int key, int t, int first, int first8) => new()
    {
        A = scores.Columns(x.A, key, t, first, first8),
        B = scores.Columns(x.B, key, t + 8, first, first8),
        C = scores.Columns(x.C, key, t + 16, first, first8),
        D = scores.Columns(x.D, key, t + 24, first, first8),
    };

    /// <summary>Dropout of weights whose rows are queries.</summary>
    public static TensorStrip DropRows(TensorScores<TExtras> scores, TensorStrip p, int t, int key) => new()
    {
        A = scores.DropRows(p.A, t, key),
        B = scores.DropRows(p.B, t, key + 8),
        C = scores.DropRows(p.C, t, key + 16),
        D = scores.DropRows(p.D, t, key + 24),
    };

    /// <summary>Dropout of weights whose rows are keys.</summary>
    public static TensorStrip DropColumns(TensorScores<TExtras> scores, TensorStrip p, int key, int t) => new()
    {
        A = scores.DropColumns(p.A, key, t),
        B = scores.DropColumns(p.B, key, t + 8),
        C = scores.DropColumns(p.C, key, t + 16),
        D = scores.DropColumns(p.D, key, t + 24),
    };

    private readonly Float4 Rows(Float4 x, int t, int key, int seen, int seen8) => new()
    {
        X = At(x.X, t, key, key < seen ? 1 : 0),
        Y = At(x.Y, t, key + 1, key + 1 < seen ? 1 : 0),
        Z = At(x.Z, t + 8, key, key < seen8 ? 1 : 0),
        W = At(x.W, t + 8, key + 1, key + 1 < seen8 ? 1 : 0),
    };

    private readonly Float4 Columns(Float4 x, int key, int t, int first, int first8) => new()
    {
        X = At(x.X, t, key, t >= first ? 1 : 0),
        Y = At(x.Y, t + 1, key, t + 1 >= first ? 1 : 0),
        Z = At(x.Z, t, key + 8, t >= first8 ? 1 : 0),
        W = At(x.W, t + 1, key + 8, t + 1 >= first8 ? 1 : 0),
    };

    private readonly float At(float x, int t, int key, int seen)
    {
        if (IsEarly) x *= Factor;
        // Queries beyond the last have rows whose sums nobody stores.
        if (TExtras.Has && Scores.Rule.HasBias != 0 && seen != 0 && t < Scores.Rule.Queries) x += Scores.Bias[Scores.BiasStart + t * Scores.Rule.Keys + key] * Log2E;
        return seen != 0 ? x : float.NegativeInfinity;
    }

    private readonly Float4 DropRows(Float4 p, int t, int key)
    {
        Float4 low = Scores.Rule.Masks(Scores.Pair, t, key & ~3), high = Scores.Rule.Masks(Scores.Pair, t + 8, key & ~3);
        bool isBehind = (key & 2) != 0;
        return new Float4
        {
            X = p.X * (isBehind ? low.Z : low.X),
            Y = p.Y * (isBehind ? low.W : low.Y),
            Z = p.Z * (isBehind ? high.Z : high.X),
            W = p.W * (isBehind ? high.W : high.Y),
        };
    }

    private readonly Float4 DropColumns(Float4 p, int key, int t) => new()
    {
        X = p.X * Scores.Mask(t, key),
        Y = p.Y * Scores.Mask(t + 1, key),
        Z = p.Z * Scores.Mask(t, key + 8),
        W = p.W * Scores.Mask(t + 1, key + 8),
    };
}
