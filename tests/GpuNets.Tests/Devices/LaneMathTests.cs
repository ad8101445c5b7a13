using GpuNets.Kernels;
using GpuNets.Reference;

namespace GpuNets.Tests.Devices;

/// <summary>
/// The elementary functions are within a few ulp of double precision, special values included: in every lane type, in the device form
/// and on the device under test.
/// </summary>
public sealed class LaneMathTests
{
    private const float SmallestNormal = 1.17549435e-38f;

    // Ordinary values over all magnitudes, and what breaks approximations: signed zeros, denormals, ends of ranges, infinities, NaN.
    private static readonly float[] s_values =
    [
        .. Enumerable.Range(-2000, 4001).Select(i => i * 0.05f),
        .. Enumerable.Range(-126, 254).SelectMany(e => new[] { 1.37f * MathF.ScaleB(1, e), -1.37f * MathF.ScaleB(1, e) }),
        .. new[] { 0f, -0f, float.Epsilon, -float.Epsilon, 1e-40f, -1e-40f, SmallestNormal, 88.72f, 88.7228f, 88.73f, -87.33f, -87.34f, -103f },
        .. new[] { 0.625f, -0.625f, 1f, -1f, 2f, -2f, 9.3f, -9.3f, 1e30f, -1e30f, float.MaxValue, float.MinValue },
        .. new[] { float.PositiveInfinity, float.NegativeInfinity, float.NaN, BitConverter.UInt32BitsToSingle(0x7FFFFFFF), BitConverter.UInt32BitsToSingle(0xFFFFFFFF) },
    ];

    private static readonly Dictionary<string, Case> s_cases = new()
    {
        ["exp"] = new Case<ExpOp>(Math.Exp, 2),
        ["log"] = new Case<LogOp>(x => x is > 0 and < SmallestNormal ? double.NegativeInfinity : Math.Log(x), 2),   // denormals count as 0
        ["tanh"] = new Case<TanhOp>(Math.Tanh, 3),
        ["sigmoid"] = new Case<SigmoidOp>(x => 1 / (1 + Math.Exp(-x)), 3),
        ["softplus"] = new Case<SoftplusOp>(x => double.IsNaN(x) ? x : Math.Max(x, 0) + Log1p(Math.Exp(-Math.Abs(x))), 3),
        ["erf"] = new Case<ErfOp>(SpecialFunctions.Erf, 3),
        ["absolute"] = new Case<AbsoluteOp>(Math.Abs, 0),
        ["square root"] = new Case<RootOp>(Math.Sqrt, 1),
        ["floor"] = new Case<FloorOp>(Math.Floor, 0),
        ["greater"] = new Case<GreaterOp>(x => x > 1 ? 2 : 3, 0),
        ["less"] = new Case<LessOp>(x => 1 > x ? 2 : 3, 0),
        ["equal"] = new Case<EqualOp>(x => x == 0 ? 2 : 3, 0),
        ["maximum"] = new Case<MaximumOp>(x => Math.Max(x, 1), 0),
        ["minimum"] = new Case<MinimumOp>(x => Math.Min(x, 1), 0),
    };

    public static TheoryData<string> Functions => [.. s_cases.Keys];

    [Theory(Timeout = 300_000)]
    [MemberData(nameof(Functions))]
    public async Task Matches_double_precision_in_every_lane_type(string name)
    {
        await Task.Yield();
        var entry = s_cases[name];
        Check<Scalar>(name, entry);
        Check<Lane128>(name, entry);
        Check<Lane256>(name, entry);
        Check<Lane512>(name, entry);
    }

    [Theory(Timeout = 300_000)]
    [MemberData(nameof(Functions))]
    public async Task Matches_double_precision_on_the_device_under_test(string name)
    {
        await Task.Yield();
        using var lease = TestDevices.Lease();
        Check(lease.Device, name, s_values);
    }

    [Theory(Timeout = 300_000)]
    [MemberData(nameof(Functions))]
    public async Task Matches_double_precision_in_the_device_form(string name)
    {
        await Task.Yield();
        using var lease = TestDevices.Emulated(ExecutionForm.Serial);
        Check(lease.Device, name, [.. s_values.TakeLast(60)]);
    }

    [Fact(Timeout = 300_000)]
    public async Task Complement_of_the_error_function_keeps_its_precision_where_it_is_small()
    {
        await Task.Yield();
        // erfc by its continued fraction, which converges quickly from 2 on.
        for (float x = 2f; x < 9f; x += 0.13f)
        {
            double fraction = 0, a = x;
            for (int k = 200; k > 0; k--) fraction = k / 2.0 / (a + fraction);
            double exact = Math.Exp(-a * a) / (Math.Sqrt(Math.PI) * (a + fraction));
            // The float of x * x is off by half an ulp: e^-(x * x) by x * x ulp.
            Assert.Equal(1, LaneMath.Erfc(new Scalar(x)).Value / exact, (2 + a * a) * 1.2e-7);
        }
    }

    [Fact(Timeout = 300_000)]
    public async Task Lanes_reduce_to_their_sum_and_maximum()
    {
        await Task.Yield();
        Reduce<Scalar>();
        Reduce<Lane128>();
        Reduce<Lane256>();
        Reduce<Lane512>();
    }

    private static unsafe void Reduce<T>() where T : struct, ILane<T>
    {
        float[] values = [.. Enumerable.Range(0, T.Count).Select(i => (float)(i * 37 % 11 - 20))];
        fixed (float* source = values)
        {
            Assert.Equal(values.Sum(), T.Sum(T.Load(source, 0)));
            Assert.Equal(values.Max(), T.Max(T.Load(source, 0)));
            values[^1] = float.NaN;
            Assert.True(float.IsNaN(T.Sum(T.Load(source, 0))) && float.IsNaN(T.Max(T.Load(source, 0))));
        }
    }

    private static unsafe void Check<T>(string name, Case entry) where T : struct, ILane<T>
    {
        float[] x = [.. s_values, .. new float[T.Count]], y = new float[x.Length];
        fixed (float* source = x, target = y)
            for (int i = 0; i < s_values.Length; i += T.Count)
                T.Store(target, i, entry.Evaluate(T.Load(source, i)));
        Compare($"{typeof(T).Name}: {name}", entry, s_values, y);
    }

    private static void Check(Device device, string name, float[] values)
    {
        var buffer = device.Allocate(values.Length);
        buffer.Write(values);
        s_cases[name].Run(buffer);
        var y = new float[values.Length];
        buffer.Read(y);
        buffer.Free();
        Compare($"{device.Name}: {name}", s_cases[name], values, y);
    }

    private static void Compare(string what, Case entry, float[] x, float[] y)
    {
        for (int i = 0; i < x.Length; i++)
        {
            double exact = entry.Exact(x[i]);
            float rounded = (float)exact;
            bool same = float.IsNaN(rounded) ? float.IsNaN(y[i]) : y[i] == rounded;
            // Results below the smallest normal number may be flushed to 0.
            double ulp = Math.Abs(rounded) < SmallestNormal ? SmallestNormal : MathF.BitIncrement(MathF.Abs(rounded)) - MathF.Abs(rounded);
            Assert.True(same || Math.Abs(y[i] - exact) <= Math.Max(entry.Ulp, Math.Abs(rounded) < SmallestNormal ? 1 : 0) * ulp,
                $"{what} of {x[i]:R} is {y[i]:R}, exact {exact:R}: {Math.Abs(y[i] - exact) / ulp:F2} ulp");
        }
    }

    private static double Log1p(double u) => u < 1e-5 ? u - u * u / 2 : Math.Log(1 + u);

    private abstract class Case(Func<double, double> exact, double ulp)
    {
        public Func<double, double> Exact { get; } = exact;

        public double Ulp { get; } = ulp;

        public abstract T Evaluate<T>(T x) where T : struct, ILane<T>;

        public abstract void Run(DeviceBuffer buffer);
    }

    private sealed class Case<TOp>(Func<double, double> exact, double ulp) : Case(exact, ulp) where TOp : struct, IUnaryOp
    {
        public override T Evaluate<T>(T x) => TOp.Forward(x);

        public override void Run(DeviceBuffer buffer) => Elementwise.Forward<TOp>(buffer, buffer);
    }
}
