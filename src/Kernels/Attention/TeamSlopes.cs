using ILGPU;

namespace GpuNets.Kernels;

/// <summary>Weights and gradients of scores, backward on GPUs.</summary>
internal struct TeamSlopes
{
    public TeamScores Scores;
    public ArrayView<float> Softmax, Deltas;

    /// <summary>First row of the pair.</summary>
    public int Row0;

    /// <summary>Scaled gradients of the scores of query t with four keys, from products x of query and keys and d of the output's gradient and values.</summary>
    public readonly Float4 Row(Float4 x, Float4 d, int t, int key)
    {
        int seen = Scores.Visible(t);
        return new Float4
        {
            X = Slope(x.X, d.X, t, key, seen),
            Y = Slope(x.Y, d.Y, t, key + 1, seen),
            Z = Slope(x.Z, d.Z, t, key + 2, seen),
            W = Slope(x.W, d.W, t, key + 3, seen),
        };
    }

    /// <summary>The same for a key with four queries.</summary>
    public readonly Float4 Column(Float4 x, Float4 d, int t, int key) => new()
    {
        X = Slope(x.X, d.X, t, key, Scores.Visible(t)),
        Y = Slope(x.Y, d.Y, t + 1, key, Scores.Visible(t + 1)),
        Z = Slope(x.Z, d.Z, t + 2, key, Scores.Visible(t + 2)),
        W = Slope(x.W, d.W, t + 3, key, Scores.Visible(t + 3)),
    };

    /// <summary>Weights with dropout of a key with four queries.</summary>
    public readonly Float4 Weights(Float4 x, int t, int key) => new()
    {
        X = Weight(x.X, t, key, Scores.Visible(t)) * Scores.Mask(t, key),
        Y = Weight(x.Y, t + 1, key, Scores.Visible(t + 1)) * Scores.Mask(t + 1, key),
        Z = Weight(x.Z, t + 2, key, Scores.Visible(t + 2)) * Scores.Mask(t + 2, key),
        W = Weight(x.W, t + 3, key, Scores.Visible(t + 3)) * Scores.Mask(t + 3, key),
    };

    private readonly float Weight(float x, int t, int key, int seen)
    {
        // Queries beyond the last see nothing: whatever row they read, their weight is 0.
        int at = 2 * (Row0 + (t < Scores.Rule.Queries ? t : 0));
        return key < seen ? TeamScores.Exp(Scores.At(x, t, key, seen), Softmax[at]) * Softmax[at + 1] : 0f;
    }

    private readonly float Slope(float x, float d, int t, int key, int seen)
    {
        float delta = Deltas[Row0 + (t < Scores.Rule.Queries ? t : 0)];
        float p = Weight(x, t, key, seen);
        return key < seen ? p * (d * Scores.Mask(t, key) - delta) * Scores.Rule.Scale : 0f;
    }
}
