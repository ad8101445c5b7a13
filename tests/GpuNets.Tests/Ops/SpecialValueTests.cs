using GpuNets.Reference;

namespace GpuNets.Tests.Ops;

/// <summary>NaN, infinities, zeros and extreme arguments.</summary>
public sealed class SpecialValueTests
{
    private const float Inf = float.PositiveInfinity, NaN = float.NaN;

    private static readonly Dictionary<string, Func<Tensor, Tensor>> s_functions = new()
    {
        ["negate"] = x => -x,
        ["abs"] = x => x.Abs(),
        ["reciprocal"] = x => x.Reciprocal(),
        ["square"] = x => x.Square(),
        ["sqrt"] = x => x.Sqrt(),
        ["pow 3"] = x => x.Pow(3),
        ["pow 2.5"] = x => x.Pow(2.5f),
        ["pow -0.5"] = x => x.Pow(-0.5f),
        ["exp"] = x => x.Exp(),
        ["log"] = x => x.Log(),
        ["tanh"] = x => x.Tanh(),
        ["sigmoid"] = x => x.Sigmoid(),
        ["softplus"] = x => x.Softplus(),
        ["relu"] = x => x.Relu(),
        ["silu"] = x => x.Silu(),
        ["leaky relu"] = x => x.LeakyRelu(),
        ["elu"] = x => x.Elu(),
        ["gelu"] = x => x.Gelu(),
        ["gelu tanh"] = x => x.GeluTanh(),
        ["clamp"] = x => x.Clamp(-1, 1),
        ["x + 1"] = x => x + 1,
        ["1 - x"] = x => 1 - x,
        ["2 x"] = x => 2 * x,
        ["x / 2"] = x => x / 2,
        ["1 / x"] = x => 1 / x,
        ["x + y"] = x => x + x,
        ["x - y"] = x => x - x,
        ["x y"] = x => x * x,
        ["x / y"] = x => x / x,
        ["maximum"] = x => x.Maximum(x.Device.Tensor(Enumerable.Repeat(0f, x.Count).ToArray(), x.Shape)),
        ["maximum of number and x"] = x => x.Device.Tensor(Enumerable.Repeat(0f, x.Count).ToArray(), x.Shape).Maximum(x),
        ["minimum"] = x => x.Minimum(x.Device.Tensor(Enumerable.Repeat(0f, x.Count).ToArray(), x.Shape)),
        ["minimum of number and x"] = x => x.Device.Tensor(Enumerable.Repeat(0f, x.Count).ToArray(), x.Shape).Minimum(x),
    };

    public static TheoryData<string> Functions => [.. s_functions.Keys];

    [Theory(Timeout = 300_000), MemberData(nameof(Functions))]
    public async Task NaN_stays_NaN_wherever_it_stands(string name)
    {
        await Task.Yield();
        using var lease = TestDevices.Lease();
        using var scope = lease.Device.Scope();
        foreach (int at in new[] { 0, 15, 16, 34 })   // wide lanes and tails
        {
            float[] values = [.. Enumerable.Range(0, 35).Select(i => i == at ? NaN : 0.5f)];
            float[] result = s_functions[name](lease.Device.Tensor(values)).ToArray();
            for (int i = 0; i < result.Length; i++) Assert.True(float.IsNaN(result[i]) == (i == at), $"{name}: {result[i]} at {i}, NaN at {at}");
        }
    }

    [Theory(Timeout = 300_000)]
    [InlineData("rows", 40, 1)]
    [InlineData("long rows", 9000, 1)]
    [InlineData("columns", 40, 0)]
    [InlineData("long columns", 1100, 0)]
    public async Task NaN_shows_in_reductions(string name, int length, int axis)
    {
        await Task.Yield();
        using var lease = TestDevices.Lease();
        using var scope = lease.Device.Scope();
        float[] values = new float[2 * length];
        values[axis == 1 ? length + 17 : 35] = NaN;   // in the second row or column
        var x = lease.Device.Tensor(values, axis == 1 ? [2, length] : [length, 2]);
        Tensor[] results = [x.Sum(axis), x.Mean(axis), x.Max(axis), x.LogSumExp(axis), x.Softmax(axis).Sum(axis), x.LogSoftmax(axis).Sum(axis)];
        foreach (var result in results)
        {
            float[] y = result.ToArray();
            Assert.False(float.IsNaN(y[0]), $"{name}: NaN in the slice without one");
            Assert.True(float.IsNaN(y[1]), $"{name}: {y[1]} in the slice with a NaN");
        }
    }

    [Fact(Timeout = 300_000)]
    public async Task Values_at_the_edges_of_the_domain()
    {
        await Task.Yield();
        using var lease = TestDevices.Lease();
        using var scope = lease.Device.Scope();
        Equal([Inf, 0, 1, 1], lease.Device.Tensor(Inf, -Inf, 0, -0f).Exp());
        Equal([0, Inf, MathF.Exp(88.376f)], lease.Device.Tensor(-104, 89, 88.376f).Exp(), 3e-7f);
        Equal([-Inf, NaN, NaN, Inf, 0], lease.Device.Tensor(0, -1, -Inf, Inf, 1).Log());
        Equal([1, -1, 0], lease.Device.Tensor(Inf, -Inf, 0).Tanh());
        Equal([1, 0, 0.5f], lease.Device.Tensor(Inf, -Inf, 0).Sigmoid());
        Equal([Inf, 0], lease.Device.Tensor(Inf, -Inf).Softplus());
        Equal([Inf, -1], lease.Device.Tensor(Inf, -Inf).Elu());
        Equal([NaN, 0, Inf], lease.Device.Tensor(-1, 0, Inf).Sqrt());
        Equal([1, -1, Inf], lease.Device.Tensor(Inf, -7, 0.5f).Clamp(-1, Inf).Maximum(lease.Device.Tensor(-Inf, -Inf, Inf)).Minimum(lease.Device.Tensor(1, 1, Inf)));
    }

    [Fact(Timeout = 300_000)]
    public async Task Powers_follow_NumPy()
    {
        await Task.Yield();
        using var lease = TestDevices.Lease();
        using var scope = lease.Device.Scope();
        float[] bases = [-Inf, -2, -1, 0, 1, 2, Inf, NaN, 1e-40f];
        foreach (float p in new[] { -3, -2, -1, -0.5f, 0, 0.5f, 1, 2, 3, 4, 1000 })
        {
            float[] expected = [.. bases.Select(x => MathF.Pow(x, p))];
            if (p == -1 || p == -3) expected[3] = Inf;
            // Of an infinite or non-whole power of a negative infinity NumPy gives infinity or zero; here it is NaN as for any negative base.
            if (p != MathF.Floor(p)) expected[0] = NaN;
            for (int i = 0; i < expected.Length; i++)
                if (p != 1 && MathF.Abs(expected[i]) < 1.18e-38f) expected[i] = 0;   // no denormal results
            Equal(expected, lease.Device.Tensor(bases).Pow(p), 5e-7f);
        }
    }

    [Fact(Timeout = 300_000)]
    public async Task Logarithm_is_accurate_over_the_whole_range()
    {
        await Task.Yield();
        using var lease = TestDevices.Lease();
        using var scope = lease.Device.Scope();
        float[] x = [.. Enumerable.Range(0, 4001).Select(i => (float)Math.Exp(-86 + i * 0.0435))];
        double[] expected = [.. x.Select(v => Math.Log(v))];
        float[] plain = [.. x.Select(v => MathF.Log(v))];
        double allowed = 2 * Math.Max(Tolerance.RelativeError(plain, expected), 2 * Tolerance.Epsilon);
        Assert.True(Tolerance.RelativeError(lease.Device.Tensor(x).Log().ToArray(), expected) <= allowed);
    }

    [Fact(Timeout = 300_000)]
    public async Task Equal_maxima_share_the_gradient()
    {
        await Task.Yield();
        using var lease = TestDevices.Lease();
        using var tape = lease.Device.Record();
        var x = tape.Watch(lease.Device.Tensor([3, 1, 3, 0, 3, 2], [2, 3]));
        tape.Backward(x.Max());
        Assert.Equal([1f / 3, 0, 1f / 3, 0, 1f / 3, 0], tape.Gradient(x)!.ToArray());
    }

    [Fact(Timeout = 300_000)]
    public async Task Equal_operands_of_maximum_get_half_each()
    {
        await Task.Yield();
        using var lease = TestDevices.Lease();
        using var tape = lease.Device.Record();
        Tensor a = tape.Watch(lease.Device.Tensor(1, 2)), b = tape.Watch(lease.Device.Tensor(1, 3));
        tape.Backward(a.Maximum(b).Sum());
        Assert.Equal([0.5f, 0], tape.Gradient(a)!.ToArray());
        Assert.Equal([0.5f, 1], tape.Gradient(b)!.ToArray());
    }

    [Fact(Timeout = 300_000)]
    public async Task Results_of_nothing()
    {
        await Task.Yield();
        using var lease = TestDevices.Lease();
        using var scope = lease.Device.Scope();
        var nothing = lease.Device.Tensor([], [2, 0]);
        Equal([0, 0], nothing.Sum(1));
        Equal([NaN, NaN], nothing.Mean(1));
        Equal([-Inf, -Inf], nothing.LogSumExp(1));
        Equal([NaN], nothing.MeanSquaredError(nothing));
        Equal([NaN], lease.Device.Tensor([], [0, 3]).CrossEntropy(lease.Device.Indices([], 0)));
        Equal([NaN], lease.Device.Tensor([1, 2], [1, 2]).CrossEntropy(lease.Device.Indices(-100)));   // all rows ignored
        Assert.Equal(new Shape(2, 0), nothing.Softmax(1).Shape);
        Assert.Equal(new Shape(0), nothing.Max(0).Shape);
    }

    [Fact(Timeout = 300_000)]
    public async Task An_ignored_row_passes_nothing_on_not_even_NaN()
    {
        await Task.Yield();
        using var lease = TestDevices.Lease();
        using var tape = lease.Device.Record();
        var x = tape.Watch(lease.Device.Tensor([NaN, Inf, 1, 1], [2, 2]));
        var loss = x.CrossEntropy(lease.Device.Indices(-100, 0));
        tape.Backward(loss);
        Assert.Equal(MathF.Log(2), loss.Item(), 1e-6f);
        Equal([0, 0, -0.5f, 0.5f], tape.Gradient(x)!, 1e-6f);
    }

    [Fact(Timeout = 300_000)]
    public async Task A_sum_of_millions_of_values_stays_accurate()
    {
        await Task.Yield();
        using var lease = TestDevices.Lease();
        using var scope = lease.Device.Scope();
        var x = lease.Device.RandomUniform(1 << 22, new Philox(3), 0.5f, 1.5f);
        double expected = x.ToArray().Sum(v => (double)v);
        Assert.Equal(expected, x.Sum().Item(), 1e-6 * expected);
        Assert.Equal(expected, x.Sum([0], keepDims: true).Item(), 1e-6 * expected);
    }

    private static void Equal(float[] expected, Tensor actual, float tolerance = 0)
    {
        float[] values = actual.ToArray();
        Assert.Equal(expected.Length, values.Length);
        for (int i = 0; i < values.Length; i++)
        {
            bool equal = expected[i].Equals(values[i]) || expected[i] == values[i]
                || MathF.Abs(expected[i] - values[i]) <= tolerance * MathF.Abs(expected[i]);
            Assert.True(equal, $"expected {string.Join(", ", expected)}, got {string.Join(", ", values)}");
        }
    }
}
