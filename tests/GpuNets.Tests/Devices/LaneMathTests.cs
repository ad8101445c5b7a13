using GpuNets.Kernels;

namespace GpuNets.Tests.Devices;

/// <summary>Every lane type computes the elementary functions to within a few ulp of double precision, special values included.</summary>
public sealed class LaneMathTests
{
    // Ordinary values over all magnitudes, and what breaks approximations: signed zeros, denormals, ends of ranges, infinities, NaN.
    private static readonly float[] s_values =
    [
        .. Enumerable.Range(-2000, 4001).Select(i => i * 0.05f),
        .. Enumerable.Range(-126, 254).SelectMany(e => new[] { 1.37f * MathF.ScaleB(1, e), -1.37f * MathF.ScaleB(1, e) }),
        .. new[] { 0f, -0f, float.Epsilon, -float.Epsilon, 1e-40f, -1e-40f, 1.17549435e-38f, 88.72f, 88.7228f, 88.73f, -87.33f, -87.34f, -103f },
        .. new[] { 0.625f, -0.625f, 1f, -1f, 2f, -2f, 1e30f, -1e30f, float.MaxValue, float.MinValue },
        .. new[] { float.PositiveInfinity, float.NegativeInfinity, float.NaN },
    ];

    public static TheoryData<string> Functions => [.. s_cases.Keys];

    private static readonly Dictionary<string, Case> s_cases = new()
    {
        ["exp"] = new Case(new ExpMap(), Math.Exp, 2),
        ["log"] = new Case(new LogMap(), Math.Log, 2),
        ["tanh"] = new Case(new TanhMap(), Math.Tanh, 3),
        ["sigmoid"] = new Case(new SigmoidMap(), x => 1 / (1 + Math.Exp(-x)), 3),
        ["softplus"] = new Case(new SoftplusMap(), x => Math.Max(x, 0) + Log1p(Math.Exp(-Math.Abs(x))), 3),
    };

    [Theory]
    [MemberData(nameof(Functions))]
    public void Matches_double_precision_in_every_lane_type(string name)
    {
        var entry = s_cases[name];
        Check<Scalar>(name, entry);
        Check<Lane128>(name, entry);
        Check<Lane256>(name, entry);
        Check<Lane512>(name, entry);
    }

    private static unsafe void Check<T>(string name, Case entry) where T : struct, ILane<T>
    {
        float[] x = [.. s_values, .. new float[T.Count]], y = new float[x.Length];
        fixed (float* source = x, target = y)
            for (int i = 0; i < s_values.Length; i += T.Count)
                T.Store(target, i, entry.Function.At(T.Load(source, i)));
        for (int i = 0; i < s_values.Length; i++)
        {
            double exact = entry.Exact(s_values[i]);
            float rounded = (float)exact;
            // Denormal arguments of the logarithm and denormal results are flushed, as documented.
            if (name == "log" && s_values[i] is > 0 and < 1.17549435e-38f) rounded = float.NegativeInfinity;
            bool same = float.IsNaN(rounded) ? float.IsNaN(y[i]) : y[i] == rounded;
            double ulp = Math.Abs(rounded) < 1.17549435e-38f ? 1.17549435e-38 : MathF.BitIncrement(MathF.Abs(rounded)) - MathF.Abs(rounded);
            Assert.True(same || Math.Abs(y[i] - exact) <= entry.Ulp * ulp,
                $"{typeof(T).Name}: {name}({s_values[i]:R}) = {y[i]:R}, exact {exact:R}: {Math.Abs(y[i] - exact) / ulp:F2} ulp");
        }
    }

    private static double Log1p(double u) => u < 1e-5 ? u - u * u / 2 : Math.Log(1 + u);

    private sealed record Case(IFunction Function, Func<double, double> Exact, double Ulp);

    private interface IFunction
    {
        T At<T>(T x) where T : struct, ILane<T>;
    }

    private sealed class ExpMap : IFunction { public T At<T>(T x) where T : struct, ILane<T> => LaneMath.Exp(x); }
    private sealed class LogMap : IFunction { public T At<T>(T x) where T : struct, ILane<T> => LaneMath.Log(x); }
    private sealed class TanhMap : IFunction { public T At<T>(T x) where T : struct, ILane<T> => LaneMath.Tanh(x); }
    private sealed class SigmoidMap : IFunction { public T At<T>(T x) where T : struct, ILane<T> => LaneMath.Sigmoid(x); }
    private sealed class SoftplusMap : IFunction { public T At<T>(T x) where T : struct, ILane<T> => LaneMath.Softplus(x); }
}
