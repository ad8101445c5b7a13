using GpuNets.Reference;

namespace GpuNets.Tests.Attention;

/// <summary>Sequences of 16384 steps: right, and in memory of the size of their inputs; the scores alone would take a gigabyte.</summary>
public sealed class LongAttentionTests
{
    private const int Time = 16384, Size = 8;

    [Fact(Timeout = 120_000)]
    public async Task A_long_sequence_holds_no_scores()
    {
        await Task.Yield();
        using var device = TestDevices.Open();
        using var tape = device.Record();
        Tensor Normal(int seed) => tape.Watch(device.RandomNormal((1, 1, Time, Size), new Philox((ulong)seed)));
        Tensor query = Normal(1), key = Normal(2), value = Normal(3), gradient = device.RandomNormal((1, 1, Time, Size), new Philox(4));
        var output = query.Attention(key, value, new AttentionOptions { Causal = CausalMask.FromStart });
        tape.Backward(output, gradient);
        float[] y = output.ToArray(), dq = tape.Gradient(query)!.ToArray(), dk = tape.Gradient(key)!.ToArray();
        Assert.InRange(device.Memory.PeakBytes, 1, 1L << 26);   // 64 MB: a sixteenth of the scores

        float[] q = query.ToArray(), k = key.ToArray(), v = value.ToArray(), dy = gradient.ToArray();
        foreach (int t in new[] { 0, 1, 47, 48, 255, 256, 5000, Time - 1 }) CheckRow(t, q, k, v, dy, y, dq);
        // The last key is seen by the last query alone.
        double[] weights = Weights(Time - 1, q, k);
        double p = weights[^1], slope = p * (Dot(dy, v, Time - 1, Time - 1) - Dot(dy, y, Time - 1, Time - 1)) / Math.Sqrt(Size);
        for (int i = 0; i < Size; i++) Assert.Equal(slope * q[(Time - 1) * Size + i], dk[(Time - 1) * Size + i], 1e-5 * p);
    }

    // Sums over up to 16384 keys in float: errors of some units in the last place of the terms, which are of order one.
    private static void CheckRow(int t, float[] q, float[] k, float[] v, float[] dy, float[] y, float[] dq)
    {
        double[] p = Weights(t, q, k), output = new double[Size], gradient = new double[Size];
        for (int s = 0; s <= t; s++)
            for (int i = 0; i < Size; i++) output[i] += p[s] * v[s * Size + i];
        double delta = 0;
        for (int i = 0; i < Size; i++) delta += output[i] * dy[t * Size + i];
        for (int s = 0; s <= t; s++)
            for (int i = 0; i < Size; i++) gradient[i] += p[s] * (Dot(dy, v, t, s) - delta) / Math.Sqrt(Size) * k[s * Size + i];
        Assert.True(Tolerance.NormwiseError(y.AsSpan(t * Size, Size), output) < 1e-5, $"output of query {t}");
        if (t > 0) Assert.True(Tolerance.NormwiseError(dq.AsSpan(t * Size, Size), gradient) < 1e-4, $"gradient of query {t}");
    }

    private static double[] Weights(int t, float[] q, float[] k)
    {
        double[] scores = [.. Enumerable.Range(0, t + 1).Select(s => Dot(q, k, t, s) / Math.Sqrt(Size))];
        double max = scores.Max(), sum = scores.Sum(score => Math.Exp(score - max));
        return [.. scores.Select(score => Math.Exp(score - max) / sum)];
    }

    private static double Dot(float[] x, float[] y, int row, int column)
    {
        double sum = 0;
        for (int i = 0; i < Size; i++) sum += (double)x[row * Size + i] * y[column * Size + i];
        return sum;
    }
}
