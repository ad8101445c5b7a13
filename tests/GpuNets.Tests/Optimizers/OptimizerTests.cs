using GpuNets.Reference;
using Xunit;

namespace GpuNets.Tests.Optimizers;

public sealed class OptimizerTests
{
    private const int Steps = 6;

    private delegate Optimizer Make(IReadOnlyList<Parameter> parameters);

    private delegate void Rule(OptimizerReference.Value value, double gradient, long step);

    private static readonly Dictionary<string, (Make Make, Rule Rule)> s_cases = new()
    {
        ["sgd"] = (p => new Sgd(p, 0.1f, weightDecay: 0.01f), (v, g, t) => OptimizerReference.Sgd(v, g, t, 0.1, 0, false, 0.01, 0)),
        ["momentum"] = (p => new Sgd(p, 0.1f, 0.9f, dampening: 0.1f), (v, g, t) => OptimizerReference.Sgd(v, g, t, 0.1, 0.9, false, 0, 0.1)),
        ["nesterov"] = (p => new Sgd(p, 0.1f, 0.9f, true, 0.01f), (v, g, t) => OptimizerReference.Sgd(v, g, t, 0.1, 0.9, true, 0.01, 0)),
        ["adam"] = (p => new Adam(p, 0.01f, weightDecay: 0.1f), (v, g, t) => OptimizerReference.Adam(v, g, t, 0.01, 0.9, 0.999, 1e-8, 0.1, 0)),
        ["adamw"] = (p => new AdamW(p, 0.01f, weightDecay: 0.1f), (v, g, t) => OptimizerReference.Adam(v, g, t, 0.01, 0.9, 0.999, 1e-8, 0, 0.1)),
        ["adamax"] = (p => new Adamax(p, 0.01f), (v, g, t) => OptimizerReference.Adamax(v, g, t, 0.01, 0.9, 0.999, 1e-8)),
        ["adadelta"] = (p => new Adadelta(p), (v, g, t) => OptimizerReference.Adadelta(v, g, 1, 0.95, 1e-6)),
        ["rmsprop"] = (p => new RmsProp(p, 0.01f), (v, g, t) => OptimizerReference.RmsProp(v, g, 0.01, 0.99, 0, 1e-8, false, false)),
        ["rmsprop-centred"] = (p => new RmsProp(p, 0.01f, momentum: 0.9f, centered: true), (v, g, t) => OptimizerReference.RmsProp(v, g, 0.01, 0.99, 0.9, 1e-8, true, false)),
        ["rmsprop-graves"] = (p => RmsProp.Graves(p, 0.01f), (v, g, t) => OptimizerReference.RmsProp(v, g, 0.01, 0.95, 0.9, 1e-4, true, true)),
    };

    public static TheoryData<string> Names => [.. s_cases.Keys];

    [Theory(Timeout = 60_000), MemberData(nameof(Names))]
    public async Task Follows_the_double_precision_rule_in_one_launch(string name)
    {
        await Task.Yield();
        using var device = Device.Open(TestDevices.Name);
        var vars = new Vars(device, seed: 3);
        var parameters = new[] { vars.Parameter("a", [7, 9], Init.Normal(1)), vars.Parameter("b", 1, Init.Normal(1)), vars.Parameter("c", 130, Init.Normal(1)) };
        var expected = parameters.Select(p => p.ToArray().Select(x => new OptimizerReference.Value { P = x }).ToArray()).ToArray();
        var optimizer = s_cases[name].Make(parameters);
        var random = new Philox(5);
        for (int step = 1; step <= Steps; step++)
        {
            for (int k = 0; k < parameters.Length; k++)
            {
                var gradient = new float[parameters[k].Count];
                for (int i = 0; i < gradient.Length; i++) gradient[i] = (float)random.Fork($"{step} {k}").Normal((uint)i);
                parameters[k].GradientTarget(out _).Write(gradient);
                for (int i = 0; i < gradient.Length; i++) s_cases[name].Rule(expected[k][i], gradient[i], step);
            }
            long launches = device.Launches;
            optimizer.Step();
            Assert.Equal(launches + 1, device.Launches);
        }
        for (int k = 0; k < parameters.Length; k++)
        {
            double[] want = [.. expected[k].Select(v => v.P)];
            // A few float operations per step on values of order one: 10 roundings each. The centred root amplifies those of its
            // argument where the variance is much smaller than the mean square, as on the first step.
            double bound = Steps * 10 * Tolerance.Epsilon * (name.StartsWith("rmsprop-", StringComparison.Ordinal) ? 10 : 1) * want.Max(Math.Abs);
            for (int i = 0; i < want.Length; i++) Assert.InRange(parameters[k].ToArray()[i], want[i] - bound, want[i] + bound);
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task Clips_by_value_and_by_global_norm()
    {
        await Task.Yield();
        using var device = Device.Open(TestDevices.Name);
        var vars = new Vars(device);
        Parameter[] p = [vars.Parameter("a", 5000, Init.Zeros), vars.Parameter("b", 2, Init.Zeros)];
        var sgd = new Sgd(p, 1f) { ClipValue = 10f };
        p[0].GradientTarget(out _).Write(Enumerable.Repeat(-25f, 5000).ToArray());
        p[1].GradientTarget(out _).Write([3f, 11f]);
        sgd.Step();
        Assert.All(p[0].ToArray(), x => Assert.Equal(10f, x));
        Assert.Equal([-3f, -10f], p[1].ToArray());

        p[0].Assign(new float[5000]);
        p[1].Assign([0f, 0f]);
        sgd.ClipValue = float.PositiveInfinity;
        sgd.ClipNorm = 5f;
        p[0].GradientTarget(out _).Write(new float[5000]);
        p[1].GradientTarget(out _).Write([30f, 40f]);
        sgd.Step();
        Assert.Equal(50f, sgd.LastGradientNorm(), 1e-4f);
        Assert.Equal(-3f, p[1].ToArray()[0], 1e-5f);
        Assert.Equal(-4f, p[1].ToArray()[1], 1e-5f);
    }

    [Fact(Timeout = 60_000)]
    public async Task Names_parameters_without_gradient_and_gradients_without_owner()
    {
        await Task.Yield();
        using var device = Device.Open(TestDevices.Name);
        var vars = new Vars(device);
        var used = vars["used"].Parameter("weight", 4, Init.Ones);
        var idle = vars["idle"].Parameter("weight", 4, Init.Ones);
        var foreign = vars["foreign"].Parameter("weight", 4, Init.Ones);
        var adam = new Adam([used, idle]);
        used.GradientTarget(out _).Write([1f, 1f, 1f, 1f]);
        Assert.Contains("idle.weight", Assert.Throws<StateException>(adam.Step).Message, StringComparison.Ordinal);
        Assert.Equal([1f, 1f, 1f, 1f], used.ToArray());

        idle.GradientTarget(out _).Write([1f, 1f, 1f, 1f]);
        foreign.GradientTarget(out _).Write([1f, 1f, 1f, 1f]);
        Assert.Contains("foreign.weight", Assert.Throws<StateException>(adam.Step).Message, StringComparison.Ordinal);
        foreign.Freeze();
        adam.Step();
        Assert.All(used.ToArray(), x => Assert.Equal(0.999f, x, 1e-6f));

        Assert.Contains("used.weight", Assert.Throws<StateException>(() => new Sgd([used], 1f)).Message, StringComparison.Ordinal);
        Assert.Contains("frozen", Assert.Throws<StateException>(() => new Sgd([foreign], 1f)).Message, StringComparison.Ordinal);
        Assert.Throws<StateException>(() => new Sgd([], 1f));
        Assert.Throws<ArgumentException>(() => new Sgd([vars.Parameter("n", 1, Init.Zeros)], 1f, nesterov: true));
    }

    [Theory(Timeout = 60_000), InlineData("sgd"), InlineData("nesterov"), InlineData("adam"), InlineData("adamw"), InlineData("adamax")]
    public async Task Parameters_may_have_multipliers_of_their_own(string name)
    {
        await Task.Yield();
        using var lease = TestDevices.Lease();
        const double rate = 2, decay = 0.5, lr = 0.01, wd = 0.1;
        Func<IReadOnlyList<Parameter>, Optimizer> make = name switch
        {
            "sgd" => p => new Sgd(p, (float)lr, weightDecay: (float)wd),
            "nesterov" => p => new Sgd(p, (float)lr, 0.9f, true, (float)wd),
            "adam" => p => new Adam(p, (float)lr, weightDecay: (float)wd),
            "adamw" => p => new AdamW(p, (float)lr, weightDecay: (float)wd),
            _ => p => new Adamax(p, (float)lr),
        };
        Action<OptimizerReference.Value, double, long, double, double> rule = name switch
        {
            "sgd" => (v, g, t, l, w) => OptimizerReference.Sgd(v, g, t, l, 0, false, w, 0),
            "nesterov" => (v, g, t, l, w) => OptimizerReference.Sgd(v, g, t, l, 0.9, true, w, 0),
            "adam" => (v, g, t, l, w) => OptimizerReference.Adam(v, g, t, l, 0.9, 0.999, 1e-8, w, 0),
            "adamw" => (v, g, t, l, w) => OptimizerReference.Adam(v, g, t, l, 0.9, 0.999, 1e-8, 0, w),
            _ => (v, g, t, l, _) => OptimizerReference.Adamax(v, g, t, l, 0.9, 0.999, 1e-8),
        };
        var vars = new Vars(lease.Device, seed: 3);
        Parameter[] parameters = [vars.Parameter("a", 70, Init.Normal(1)), vars.Parameter("b", 129, Init.Normal(1)), vars.Parameter("c", 5, Init.Normal(1))];
        var expected = parameters.Select(p => p.ToArray().Select(x => new OptimizerReference.Value { P = x }).ToArray()).ToArray();
        var optimizer = make(parameters);
        optimizer.Multiply([parameters[1]], (float)rate, (float)decay);
        optimizer.Multiply([parameters[2]], learningRate: 0f);
        for (int step = 1; step <= Steps; step++)
        {
            for (int k = 0; k < parameters.Length; k++)
            {
                float[] gradient = [.. Enumerable.Range(0, parameters[k].Count).Select(i => (float)new Philox(5).Fork($"{step} {k}").Normal((uint)i))];
                parameters[k].GradientTarget(out _).Write(gradient);
                double times = k switch { 0 => 1, 1 => rate, _ => 0 };
                for (int i = 0; i < gradient.Length; i++) rule(expected[k][i], gradient[i], step, lr * times, k == 1 ? wd * decay : wd);
            }
            optimizer.Step();
        }
        for (int k = 0; k < parameters.Length; k++)
        {
            double[] want = [.. expected[k].Select(v => v.P)];
            double bound = Steps * 10 * Tolerance.Epsilon * want.Max(Math.Abs);
            float[] got = parameters[k].ToArray();
            for (int i = 0; i < want.Length; i++) Assert.InRange(got[i], want[i] - bound, want[i] + bound);
        }
        Assert.Throws<ArgumentOutOfRangeException>(() => optimizer.Multiply([parameters[0]], learningRate: -1f));
        Assert.Contains("other", Assert.Throws<StateException>(() => optimizer.Multiply([vars.Parameter("other", 1, Init.Zeros)], 2f)).Message, StringComparison.Ordinal);
    }

    [Theory(Timeout = 60_000), MemberData(nameof(Names))]
    public async Task State_resumes_bit_exactly(string name)
    {
        await Task.Yield();
        using var device = Device.Open(TestDevices.Name);
        float[] straight = Run(device, name, 10, out _);
        Run(device, name, 5, out var half);
        Assert.Equal(straight, Run(device, name, 5, out _, half));
    }

    [Fact(Timeout = 60_000)]
    public async Task Schedules_have_their_landmarks()
    {
        await Task.Yield();
        Assert.Equal(0.5f, Schedules.Warmup(1f, 4)(1));
        Assert.Equal(1f, Schedules.Warmup(1f, 4)(100));
        Assert.Equal(7f, Schedules.Warmup(1f, 4, step => step == 2 ? 7f : 0f)(6));
        Assert.Equal(1f / 16f, Schedules.InverseSquareRoot(64, 4)(3), 1e-6f);
        Assert.Equal(0.55f, Schedules.Cosine(1f, 10, 0.1f)(5), 1e-6f);
        Assert.Equal(0.1f, Schedules.Cosine(1f, 10, 0.1f)(50), 1e-6f);
        Assert.Equal(0.75f, Schedules.Linear(1f, 4)(1), 1e-6f);
        Assert.Equal(0.25f, Schedules.Exponential(1f, 0.5f, 10)(20), 1e-6f);
        Assert.Equal(0.01f, Schedules.Milestones(1f, 0.1f, 5, 8)(8), 1e-6f);
        Assert.Equal(0.1f, Schedules.Milestones(1f, 0.1f, 5, 8)(7), 1e-6f);
    }

    private static float[] Run(Device device, string name, int steps, out (StateDict State, float[] Values) saved, (StateDict State, float[] Values)? from = null)
    {
        var p = new Vars(device, seed: 1).Parameter("p", 33, Init.Normal(1));
        var optimizer = s_cases[name].Make([p]);
        if (from is { } start)
        {
            p.Assign(start.Values);
            optimizer.Load(start.State);
        }
        for (int i = 0; i < steps; i++)
        {
            var gradient = new float[p.Count];
            for (int k = 0; k < gradient.Length; k++) gradient[k] = new Philox((ulong)optimizer.Steps).Uniform((uint)k) - 0.4f;
            p.GradientTarget(out _).Write(gradient);
            optimizer.Step();
        }
        saved = (optimizer.State(), p.ToArray());
        return saved.Values;
    }
}
