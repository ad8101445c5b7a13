using GpuNets.Kernels;

namespace GpuNets.Tests.Attention;

/// <summary>
/// Attention on tensor cores, emulated on ILGPU's CPU accelerator, which checks every index. The error against the exact result may be twice
/// that of a plain implementation that rounds to bfloat16 what it multiplies, both in the mean square and at the worst element.
/// </summary>
public sealed class TensorAttentionTests
{
    /// <summary>An attention; small ones, that reach every part of the kernels.</summary>
    internal sealed record Setting(int Batch, int Heads, int Queries, int Keys, int Size, int ValueSize)
    {
        public int Causal { get; init; }
        public int Shift { get; init; }
        public int[]? Lengths { get; init; }
        public float Scale { get; init; } = 0.5f;
        public float Dropout { get; init; }
        public bool HasBias { get; init; }

        /// <summary>Heads side by side, in rows that begin at an odd element.</summary>
        public bool Joined { get; init; }
    }

    private static readonly Dictionary<string, Setting> s_settings = new()
    {
        ["causal, two heads"] = new(1, 2, 20, 20, 5, 5) { Causal = 1 },
        ["whole and partial stages"] = new(1, 1, 5, 130, 8, 12),
        ["lengths and dropout"] = new(2, 1, 17, 40, 40, 36) { Lengths = [33, 3], Dropout = 0.3f },
        ["causal from the end, joined"] = new(1, 2, 66, 33, 33, 4) { Causal = 2, Shift = 1, Joined = true },
        ["whole queries before masked ones"] = new(1, 1, 66, 20, 3, 3) { Causal = 1, Shift = 10 },
        ["bias, a sample without keys, scale below zero"] = new(2, 1, 3, 20, 6, 2) { Lengths = [0, 18], HasBias = true, Scale = -0.4f },
        ["bias, causal"] = new(1, 2, 18, 18, 32, 12) { Causal = 1, HasBias = true },
        ["scale of zero"] = new(1, 1, 2, 9, 4, 30) { Scale = 0f },
        ["96 wide"] = new(1, 1, 3, 36, 96, 70) { Scale = 0.1f },
        ["128 wide"] = new(1, 1, 3, 70, 100, 128) { Scale = 0.1f, Causal = 2 },
        ["128 wide with dropout"] = new(1, 1, 5, 5, 128, 3) { Scale = 0.1f, Dropout = 0.5f },
    };

    public static TheoryData<string> Settings => [.. s_settings.Keys];

    [Theory(Timeout = 300_000), MemberData(nameof(Settings))]
    public async Task Errs_at_most_twice_as_much_as_a_plain_implementation(string name)
    {
        await Task.Yield();
        var setting = s_settings[name];
        using var device = EmulatedGpu.Open(units: 1, warps: 4);
        var run = new TensorAttentionCase(device, setting);
        var actual = run.Run();
        var exact = run.Reference.Run(x => x);
        var plain = run.Reference.Run(x => BitConverter.UInt32BitsToSingle(Rounding.BFloat16Pair(0f, (float)x)));
        Check("output", actual.Output, exact.Output, plain.Output);
        Check("gradient of the queries", actual.Query, exact.Query, plain.Query);
        Check("gradient of the keys", actual.Key, exact.Key, plain.Key);
        Check("gradient of the values", actual.Value, exact.Value, plain.Value);
        if (setting.HasBias) Check("gradient of the bias", actual.Bias, exact.Bias, plain.Bias);
        Assert.Equal(0, device.Memory.LiveBlocks);

        void Check(string what, float[] got, double[] expected, double[] rounded)
        {
            Assert.Equal(expected.Length, got.Length);
            double[] errors = [.. got.Zip(expected, (x, y) => Math.Abs(x - y))], allowed = [.. rounded.Zip(expected, (x, y) => Math.Abs(x - y))];
            // Where the plain implementation is exact, sums of floats are left.
            double floor = 1e-6 * Math.Sqrt(expected.Sum(x => x * x) / expected.Length);
            double error = Math.Sqrt(errors.Sum(e => e * e) / errors.Length), bound = Math.Sqrt(allowed.Sum(e => e * e) / allowed.Length);
            TestContext.Current.SendDiagnosticMessage($"{name}, {what}: root mean square {error / bound:F2}, worst {errors.Max() / allowed.Max():F2} of the plain error");
            Assert.True(error <= 2 * bound + floor, $"{name}: root mean square error of the {what} is {error:G3}, that of a plain implementation {bound:G3}");
            Assert.True(errors.Max() <= 2 * allowed.Max() + floor, $"{name}: largest error of the {what} is {errors.Max():G3}, that of a plain implementation {allowed.Max():G3}");
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task Rows_without_a_visible_key_are_zero_and_what_lies_beyond_a_length_is_never_read()
    {
        await Task.Yield();
        using var device = EmulatedGpu.Open(units: 1, warps: 4);
        var run = new TensorAttentionCase(device, new(2, 1, 3, 20, 4, 4) { Lengths = [0, 5], Causal = 2 }) { BeyondLengths = float.NaN };
        var actual = run.Run();
        Assert.All(actual.Output[..12], y => Assert.Equal(0f, y));
        Assert.All(actual.Query[..12], y => Assert.Equal(0f, y));
        foreach (float[] values in new[] { actual.Output, actual.Query, actual.Key, actual.Value }) Assert.All(values, y => Assert.True(float.IsFinite(y)));
        Assert.All(actual.Key[..80], y => Assert.Equal(0f, y));
        Assert.All(actual.Value[100..], y => Assert.Equal(0f, y));
    }

    [Theory(Timeout = 60_000)]
    [InlineData(128, 128, true)]
    [InlineData(129, 4, false)]
    [InlineData(4, 129, false)]
    public async Task Larger_heads_take_the_float32_form(int size, int valueSize, bool expected)
    {
        await Task.Yield();
        Assert.Equal(expected, TensorAttentionLauncher.Fits(new AttentionSize(1, 1, 64, 64, size, valueSize)));
    }

    /// <summary>The reference of this test against the one of the library's float32 forms.</summary>
    [Fact(Timeout = 60_000)]
    public async Task Without_rounding_it_is_the_reference()
    {
        await Task.Yield();
        using var device = EmulatedGpu.Open(units: 1, warps: 4);
        var run = new TensorAttentionCase(device, new(2, 2, 4, 7, 3, 2) { Lengths = [7, 5], Causal = 2, Dropout = 0.3f, HasBias = true });
        run.CheckReference();
    }
}
