using GpuNets.Kernels;

namespace GpuNets.Tests.Attention;

/// <summary>
/// Attention and its gradients as they are defined, in double precision, with a rounding of everything that is multiplied: the inputs, the
/// weights p before p v, the gradient of the output, the gradients of scores. Without rounding it is the reference; rounded to a format it is
/// the plain implementation in that format, whose error is the measure for others.
/// </summary>
internal sealed class RoundedAttention
{
    public required AttentionRule Rule { get; init; }

    /// <summary>What dropout multiplies the weight of (pair, query, key) with; null without dropout.</summary>
    public required Func<int, int, int, float>? Mask { get; init; }
    public required int Batch { get; init; }
    public required int Size { get; init; }
    public required int ValueSize { get; init; }
    public required int[]? Lengths { get; init; }

    /// <summary>[pair][time][feature], and the bias in the shape of the rule.</summary>
    public required float[] Query { get; init; }
    public required float[] Key { get; init; }
    public required float[] Value { get; init; }
    public required float[] OutputGradient { get; init; }
    public required float[]? Bias { get; init; }

    /// <summary>The output and the gradients of query, key, value and bias.</summary>
    public (double[] Output, double[] Query, double[] Key, double[] Value, double[] Bias) Run(Func<double, double> round)
    {
        int pairs = Batch * Rule.Heads, queries = Rule.Queries, keys = Rule.Keys;
        double[] q = Round(Query), k = Round(Key), v = Round(Value), given = Round(OutputGradient);
        double[] output = new double[pairs * queries * ValueSize], dq = new double[q.Length], dk = new double[k.Length], dv = new double[v.Length];
        double[] dbias = new double[Bias?.Length ?? 0];
        for (int pair = 0; pair < pairs; pair++)
            for (int t = 0; t < queries; t++)
            {
                int row = (pair * queries + t) * Size, to = (pair * queries + t) * ValueSize;
                int seen = Rule.Visible(Lengths?[pair / Rule.Heads] ?? keys, t);
                if (seen == 0) continue;
                double[] scores = [.. Enumerable.Range(0, seen).Select(s =>
                    Rule.Scale * Dot(q, row, k, (pair * keys + s) * Size, Size) + (Bias is null ? 0 : Bias[Rule.BiasRow(pair, t) + s]))];
                double max = scores.Max(), sum = scores.Sum(score => Math.Exp(score - max));
                double[] p = [.. scores.Select(score => Math.Exp(score - max) / sum)];
                double[] mask = [.. Enumerable.Range(0, seen).Select(s => Mask?.Invoke(pair, t, s) ?? 1.0)];
                double[] dp = new double[seen];
                for (int s = 0; s < seen; s++)
                {
                    double weight = round(p[s] * mask[s]);
                    int from = (pair * keys + s) * ValueSize;
                    for (int j = 0; j < ValueSize; j++)
                    {
                        output[to + j] += weight * v[from + j];
                        dv[from + j] += weight * given[to + j];
                    }
                    dp[s] = mask[s] * Dot(given, to, v, from, ValueSize);
                }
                double delta = 0;
                for (int j = 0; j < ValueSize; j++) delta += OutputGradient[to + j] * output[to + j];
                for (int s = 0; s < seen; s++)
                {
                    double slope = p[s] * (dp[s] - delta), rounded = round(slope);
                    if (Bias is not null) dbias[Rule.BiasRow(pair, t) + s] += slope;
                    for (int i = 0; i < Size; i++)
                    {
                        dq[row + i] += Rule.Scale * rounded * k[(pair * keys + s) * Size + i];
                        dk[(pair * keys + s) * Size + i] += Rule.Scale * rounded * q[row + i];
                    }
                }
            }
        return (output, dq, dk, dv, dbias);

        double[] Round(float[] x) => [.. x.Select(value => round(value))];
    }

    private static double Dot(double[] x, int at, double[] y, int from, int count)
    {
        double sum = 0;
        for (int i = 0; i < count; i++) sum += x[at + i] * y[from + i];
        return sum;
    }
}
