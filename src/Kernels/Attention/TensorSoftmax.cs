using ILGPU;

namespace GpuNets.Kernels;

/// <summary>The online softmax of a lane's two rows: largest scores and sums of weights of the keys so far.</summary>
internal struct TensorSoftmax
{
    private float _max, _max8, _sum, _sum8;

    /// <summary>Before the first key.</summary>
    public static TensorSoftmax Nothing => new() { _max = float.NegativeInfinity, _max8 = float.NegativeInfinity };

    /// <summary>What 2 to the power of scores is divided by so far, as an exponent; any number where no key was seen.</summary>
    public readonly float Shift(float exponent) => Shift(_max, exponent);

    /// <inheritdoc cref="Shift(float)"/>
    public readonly float Shift8(float exponent) => Shift(_max8, exponent);

    /// <summary>Takes in the largest of a lane's scores of more keys; gives what the earlier weights shrink by.</summary>
    public void Raise(float max, float max8, float exponent, out float decay, out float decay8)
    {
        (float before, float before8) = (_max, _max8);
        _max = TeamScores.Larger(before, Max(max));
        _max8 = TeamScores.Larger(before8, Max(max8));
        decay = ApproximateMath.Exp2(before * exponent - Shift(exponent));
        decay8 = ApproximateMath.Exp2(before8 * exponent - Shift8(exponent));
        _sum *= decay;
        _sum8 *= decay8;
    }

    /// <summary>Adds the lane's weights: what they are divided by is the sum of all lanes of the row.</summary>
    public void Add(TensorStrip p)
    {
        _sum += p.A.X + p.A.Y + (p.B.X + p.B.Y) + (p.C.X + p.C.Y + (p.D.X + p.D.Y));
        _sum8 += p.A.Z + p.A.W + (p.B.Z + p.B.W) + (p.C.Z + p.C.W + (p.D.Z + p.D.W));
    }

    /// <summary>What rows are multiplied with at the end: 1 / sum, or 0 where no key was seen.</summary>
    public readonly void Finish(out float factor, out float factor8) => (factor, factor8) = (Inverse(Sum(_sum)), Inverse(Sum(_sum8)));

    /// <summary>The largest score of a row, as backward expects it.</summary>
    public readonly float Largest(float factor, float unit) => Largest(_max, factor, unit);

    /// <inheritdoc cref="Largest(float, float)"/>
    public readonly float Largest8(float factor, float unit) => Largest(_max8, factor, unit);

    /// <summary>2 to the power of scores, less what they are divided by.</summary>
    public static TensorStrip Weights(TensorStrip x, float exponent, float shift, float shift8) => new()
    {
        A = Weights(x.A, exponent, shift, shift8),
        B = Weights(x.B, exponent, shift, shift8),
        C = Weights(x.C, exponent, shift, shift8),
        D = Weights(x.D, exponent, shift, shift8),
    };

    /// <summary>The largest of the first of a lane's rows.</summary>
    public static float Max(TensorStrip x) =>
        TeamScores.Larger(
            TeamScores.Larger(TeamScores.Larger(x.A.X, x.A.Y), TeamScores.Larger(x.B.X, x.B.Y)),
            TeamScores.Larger(TeamScores.Larger(x.C.X, x.C.Y), TeamScores.Larger(x.D.X, x.D.Y)));

    /// <summary>The largest of the second.</summary>
    public static float Max8(TensorStrip x) =>
        TeamScores.Larger(
            TeamScores.Larger(TeamScores.Larger(x.A.Z, x.A.W), TeamScores.Larger(x.B.Z, x.B.W)),
            TeamScores.Larger(TeamScores.Larger(x.C.Z, x.C.W), TeamScores.Larger(x.D.Z, x.D.W)));

    private static Float4 Weights(Float4 x, float exponent, float shift, float shift8) => new()
    {
        X = Weight(x.X, exponent, shift),
        Y = Weight(x.Y, exponent, shift),
        Z = Weight(x.Z, exponent, shift8),
        W = Weight(x.W, exponent, shift8),
    };

    /// <summary>2 to the power of a score, less what it is divided by.</summary>
    public static float Weight(float x, float exponent, float shift) => ApproximateMath.Exp2(DeviceMath.MulAdd(x, exponent, -shift));

    private static float Shift(float max, float exponent) => DeviceMath.IfEqual(max, float.NegativeInfinity, 0f, max * exponent);

    private static float Inverse(float sum) => DeviceMath.IfEqual(sum, 0f, 0f, 1f / sum);

    private static float Largest(float max, float factor, float unit) => DeviceMath.IfEqual(factor, 0f, float.PositiveInfinity, max * unit);

    // Four lanes share a row.
    private static float Max(float value)
    {
        value = TeamScores.Larger(value, Warp.ShuffleXor(value, 1));
        return TeamScores.Larger(value, Warp.ShuffleXor(value, 2));
    }

    private static float Sum(float value)
    {
        value += Warp.ShuffleXor(value, 1);
        return value + Warp.ShuffleXor(value, 2);
    }
}
