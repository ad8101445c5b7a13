using GpuNets.Kernels;

namespace GpuNets.Tests.Ntm;

/// <summary>Limits of addressing in which the weighting is known.</summary>
public sealed class NtmAddressTests
{
    private const float Off = -60f, On = 60f;
    private static readonly float s_gamma2 = MathF.Log(MathF.E - 1);   // 1 + softplus = 2

    [Fact(Timeout = 300_000)]
    public async Task Great_key_strength_finds_the_best_match()
    {
        await Task.Yield();
        float[][] memory = [[1, 0, 0], [0.6f, 0.8f, 0], [0, 1, 0.2f], [-1, 0.3f, 1]];
        // Keys are tanh of the parameters: the direction of row 2.
        float[] w = Address(memory, key: [0, MathF.Atanh(0.5f), MathF.Atanh(0.1f)], beta: 2000, g: On, shift: [Off, On, Off], gamma: Off, previous: [0.25f, 0.25f, 0.25f, 0.25f]);
        Assert.Equal([0, 0, 1, 0], w.Select(x => MathF.Round(x, 5)));
        Assert.Equal(1f, w.Sum(), 1e-6f);
    }

    [Theory(Timeout = 300_000)]
    [InlineData(5)]
    [InlineData(3)]
    public async Task A_shift_by_one_rotates(int rows)
    {
        await Task.Yield();
        float[] previous = [.. Enumerable.Range(0, rows).Select(i => (i + 1f) / (rows * (rows + 1) / 2f))];
        float[] w = Address(Rows(rows), [1, 1, 1], 1, g: Off, shift: [Off, Off, On], gamma: Off, previous);
        for (int i = 0; i < rows; i++) Assert.Equal(previous[(i + rows - 1) % rows], w[i], 1e-6f);
        w = Address(Rows(rows), [1, 1, 1], 1, g: Off, shift: [On, Off, Off], gamma: Off, previous);
        for (int i = 0; i < rows; i++) Assert.Equal(previous[(i + 1) % rows], w[i], 1e-6f);
    }

    [Fact(Timeout = 300_000)]
    public async Task Sharpening_squares_and_normalises()
    {
        await Task.Yield();
        float[] shift = [MathF.Log(0.1f), MathF.Log(0.8f), MathF.Log(0.1f)], previous = [0, 0, 1, 0, 0, 0];
        float[] soft = Address(Rows(6), [1, 0, 1], 1, Off, shift, gamma: Off, previous);
        float[] sharp = Address(Rows(6), [1, 0, 1], 1, Off, shift, gamma: s_gamma2, previous);
        float[] expected = [0, 0.01f / 0.66f, 0.64f / 0.66f, 0.01f / 0.66f, 0, 0];
        for (int i = 0; i < 6; i++)
        {
            Assert.Equal(i switch { 1 or 3 => 0.1f, 2 => 0.8f, _ => 0f }, soft[i], 1e-6f);
            Assert.Equal(expected[i], sharp[i], 1e-6f);
        }
    }

    [Fact(Timeout = 300_000)]
    public async Task Weightings_sum_to_one_even_for_a_memory_and_key_of_zeros()
    {
        await Task.Yield();
        float[][] zeros = [.. Enumerable.Range(0, 9).Select(_ => new float[3])];
        float[] w = Address(zeros, [0, 0, 0], 5, g: On, shift: [0, 1, 2], gamma: 3, previous: new float[9]);
        foreach (float x in w) Assert.Equal(1f / 9, x, 1e-6f);
        Assert.Equal(1f, w.Sum(), 1e-6f);
    }

    private static float[][] Rows(int count) => [.. Enumerable.Range(0, count).Select(i => new[] { MathF.Sin(i), MathF.Cos(i), 0.5f })];

    private static float[] Address(float[][] memory, float[] key, float beta, float g, float[] shift, float gamma, float[] previous)
    {
        var sizes = new NtmSizes
        {
            Reads = 1,
            Writes = 1,
            Rows = memory.Length,
            Columns = key.Length,
            Shift = shift.Length / 2,
            Batch = 1,
            Time = 1,
            ErasesFirst = 1,
            Rules = new NtmRules
            {
                Key = NtmActivation.Tanh,
                Beta = NtmActivation.Softplus,
                Gamma = NtmActivation.Softplus,
                Sharpen = 1,
                CosineEpsilon = 1e-8f,
                Clip = float.PositiveInfinity,
            },
        };
        using var lease = TestDevices.Lease();
        var device = lease.Device;
        using var scope = device.Scope();
        float[] raw = [.. key, beta, g, .. shift, gamma];
        float[] columns = [.. Enumerable.Range(0, key.Length).SelectMany(m => memory.Select(row => row[m]))];
        return NtmAddressOp.Apply(
            sizes, writes: false, device.Tensor(raw, [1, raw.Length]), device.Tensor(previous, [1, previous.Length]),
            device.Tensor(columns, [1, key.Length, memory.Length])).Weights.ToArray();
    }
}
