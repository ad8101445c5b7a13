using GpuNets.Models;

namespace GpuNets.Tests.Ntm;

public sealed class CopyTaskTests
{
    [Fact(Timeout = 300_000)]
    public async Task A_batch_is_sequence_delimiter_and_silence()
    {
        await Task.Yield();
        var batch = new CopyTask { Width = 3 }.AtLength(4).Generate(2, seed: 5, index: 9);
        Assert.Equal(9, batch.Time);
        Assert.Equal([9, 9], batch.Lengths);
        Assert.Equal(5, batch.FirstCounting);
        for (int b = 0; b < 2; b++)
        {
            for (int t = 0; t < 9; t++)
            {
                float[] x = batch.Inputs[((t * 2 + b) * 4)..((t * 2 + b + 1) * 4)], y = batch.Targets[((t * 2 + b) * 3)..((t * 2 + b + 1) * 3)];
                Assert.Equal(t == 4 ? 1f : 0f, x[3]);
                Assert.Equal(t > 4 ? 1f : 0f, batch.Mask[t * 2 + b]);
                if (t >= 4) Assert.All(x[..3], bit => Assert.Equal(0f, bit));
                Assert.Equal(t > 4 ? batch.Inputs[(((t - 5) * 2 + b) * 4)..(((t - 5) * 2 + b) * 4 + 3)] : new float[3], y);
            }
        }
    }

    [Fact(Timeout = 300_000)]
    public async Task Batches_depend_on_seed_and_index_alone_and_cover_all_lengths()
    {
        await Task.Yield();
        var task = new CopyTask();
        Assert.Equal(task.Generate(2, 1, 7).Inputs, task.Generate(2, 1, 7).Inputs);
        Assert.NotEqual(task.AtLength(9).Generate(2, 1, 7).Inputs, task.AtLength(9).Generate(2, 1, 8).Inputs);
        Assert.NotEqual(task.AtLength(9).Generate(2, 1, 7).Inputs, task.AtLength(9).Generate(2, 2, 7).Inputs);
        var batches = Enumerable.Range(0, 400).Select(i => task.Generate(1, 3, i)).ToArray();
        Assert.Equal(Enumerable.Range(1, 20), batches.Select(b => (b.Time - 1) / 2).Distinct().Order());
        Assert.Equal(0.5, batches.Average(b => b.Targets.Sum() / b.Mask.Sum() / 8), 0.02);
    }

    [Fact(Timeout = 300_000)]
    public async Task Score_counts_bits_of_what_counts()
    {
        await Task.Yield();
        var batch = new CopyTask { Width = 2 }.AtLength(1).Generate(2, 1, 1);
        // Logits of 4 with the sign of the target, but for one bit of the second sequence; steps that do not count are nonsense.
        var logits = new float[batch.Targets.Length];
        Array.Fill(logits, float.NaN);
        for (int i = 8; i < 12; i++) logits[i] = batch.Targets[i] > 0 ? 4 : -4;
        logits[11] = -logits[11];
        var score = batch.Score(logits);
        double right = Math.Log2(1 + Math.Exp(-4)), wrong = Math.Log2(1 + Math.Exp(4));
        Assert.Equal((3 * right + wrong) / 2, score.Bits, 1e-9);
        Assert.Equal((0.5, 0.5), (score.BitErrors, score.Exact));
    }

    [Fact(Timeout = 300_000)]
    public async Task Loss_is_the_score_in_nats_with_and_without_padding()
    {
        await Task.Yield();
        using var lease = TestDevices.Lease();
        using var scope = lease.Device.Scope();
        var batch = new CopyTask { Width = 3 }.AtLength(4).Generate(2, 5, 9);
        var cut = batch with { Mask = [.. batch.Mask.Select((m, i) => i == batch.Mask.Length - 1 ? 0f : m)] };
        float[] logits = [.. Enumerable.Range(0, batch.Targets.Length).Select(i => MathF.Sin(i) * 3)];
        foreach (var b in (NtmBatch[])[batch, cut])
            Assert.Equal(b.Score(logits).Bits * Math.Log(2), b.Loss(lease.Device.Tensor(logits, [9, 2, 3])).Item(), 1e-5);
    }
}
