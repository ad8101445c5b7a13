namespace GpuNets.Tests.Modules;

/// <summary>What holds for every module.</summary>
public sealed class ModuleTests
{
    public static TheoryData<string> Names() => ModuleCatalogue.Names();

    [Fact(Timeout = 300_000)]
    public async Task Every_module_has_a_case()
    {
        await Task.Yield();
        string[] missing = [.. typeof(Module).Assembly.GetTypes()
            .Where(type => type.IsSubclassOf(typeof(Module)) && !type.IsAbstract && !ModuleCatalogue.All.Any(c => c.Module == type))
            .Select(type => type.Name)];
        Assert.True(missing.Length == 0, $"Modules without a case: {string.Join(", ", missing)}");
    }

    [Theory(Timeout = 300_000), MemberData(nameof(Names))]
    public async Task Samples_of_a_batch_do_not_see_each_other(string name)
    {
        await Task.Yield();
        var (lease, vars, module, testCase) = Make(name);
        using (lease)
        using (new Owned(vars))
        using (lease.Device.Scope())
        {
            var together = testCase.Run(module, new SampleBatch(lease.Device, 0, 1, 2));
            for (int sample = 0; sample < 3; sample++)
            {
                float[] alone = testCase.Run(module, new SampleBatch(lease.Device, sample)).ToArray();
                float[] part = together.Slice(testCase.BatchAxis, sample, sample + 1).ToArray();
                // Another number of rows may take another tile of the matrix product, which adds in another order.
                for (int i = 0; i < alone.Length; i++) Assert.Equal(alone[i], part[i], 2e-6f * Math.Max(1, Math.Abs(alone[i])));
            }
        }
    }

    [Theory(Timeout = 300_000), MemberData(nameof(Names))]
    public async Task Loaded_parameters_give_the_same_outputs(string name)
    {
        await Task.Yield();
        var (lease, vars, module, testCase) = Make(name);
        using (lease)
        using (new Owned(vars))
        {
            var device = lease.Device;
            var loaded = new Vars(device, seed: 99);
            using var ownLoaded = new Owned(loaded);
            var twin = testCase.Make(loaded);
            loaded.Load(vars.State());
            var restored = new Vars(device, vars.State());
            using var ownRestored = new Owned(restored);
            var third = testCase.Make(restored);
            Assert.Empty(restored.Unused);
            using var scope = device.Scope();
            float[] expected = testCase.Run(module, new SampleBatch(device, 0, 1)).ToArray();
            Assert.Equal(expected, testCase.Run(twin, new SampleBatch(device, 0, 1)).ToArray());
            Assert.Equal(expected, testCase.Run(third, new SampleBatch(device, 0, 1)).ToArray());
        }
    }

    [Theory(Timeout = 300_000), MemberData(nameof(Names))]
    public async Task The_same_seed_gives_the_same_step(string name)
    {
        await Task.Yield();
        var testCase = ModuleCatalogue.Get(name);
        float[][] first = Run(), second = Run();
        Assert.Equal(first.Length, second.Length);
        for (int i = 0; i < first.Length; i++) Assert.Equal(first[i], second[i]);

        float[][] Run()
        {
            var (lease, vars, module, _) = Make(name);
            using (lease)
            using (new Owned(vars))
            using (var tape = lease.Device.Record())
            {
                var y = testCase.Run(module, new SampleBatch(lease.Device, 0, 1, 2));
                if (vars.Parameters.Count == 0) return [y.ToArray()];
                tape.Backward(y, Ones(y));
                return [y.ToArray(), .. vars.Parameters.Select(p => p.Gradient!.ToArray())];
            }
        }
    }

    [Theory(Timeout = 300_000), MemberData(nameof(Names))]
    public async Task A_gradient_reaches_every_parameter_and_the_second_step_allocates_nothing(string name)
    {
        await Task.Yield();
        var (lease, vars, module, testCase) = Make(name);
        using (lease)
        using (new Owned(vars))
        {
            var device = lease.Device;
            PoolStatistics? first = null;
            long peak = 0;
            for (int step = 0; step < 4; step++)
            {
                using (var tape = device.Record())
                {
                    var y = testCase.Run(module, new SampleBatch(device, 0, 1, 2));
                    if (vars.Parameters.Count > 0) tape.Backward(y, Ones(y));
                }
                foreach (var parameter in vars.Parameters)
                {
                    Assert.True(parameter.HasGradient, $"{parameter.Path} got no gradient");
                    Assert.True(parameter.Gradient!.ToArray().Any(g => g != 0), $"the gradient of {parameter.Path} is zero");
                    Assert.All(parameter.Gradient!.ToArray(), g => Assert.True(float.IsFinite(g)));
                    parameter.ClearGradient();
                }
                first ??= device.Memory;
                Assert.Equal(first.Value.DeviceAllocations, device.Memory.DeviceAllocations);
                Assert.Equal(first.Value.LiveBytes, device.Memory.LiveBytes);
                // Gradients of parameters are made during the first step and live through all of the second, which sets the peak.
                if (step == 1) peak = device.Memory.PeakBytes;
                if (step > 1) Assert.Equal(peak, device.Memory.PeakBytes);
            }
        }
    }

    [Theory(Timeout = 300_000), MemberData(nameof(Names))]
    public async Task Prints_what_it_is_and_how_large(string name)
    {
        await Task.Yield();
        var (lease, vars, module, _) = Make(name);
        using (lease)
        using (new Owned(vars)) Assert.Contains($", {vars.Parameters.Sum(p => p.Count):N0} parameters", module.ToString().Split('\n')[0], StringComparison.Ordinal);
    }

    [Fact(Timeout = 300_000)]
    public async Task Prints_as_a_tree()
    {
        await Task.Yield();
        using var lease = TestDevices.Lease();
        var vars = new Vars(lease.Device);
        using var owned = new Owned(vars);
        var model = new Sequential(vars, v => new Linear(v, 4, 300), v => new Sequential(v, v => new Dropout(v, 0.25f), v => new LayerNorm(v, 300)));
        Assert.Equal(
            """
            Sequential(2 layers), 2,100 parameters
              0: Linear(4 -> 300), 1,500
              1: Sequential(2 layers), 600
                1.0: Dropout(0.25), 0
                1.1: LayerNorm([300]), 600
            """.ReplaceLineEndings("\n"), model.ToString());
    }

    private static (DeviceLease Lease, Vars Vars, Module Module, ModuleCase Case) Make(string name)
    {
        var lease = TestDevices.Lease();
        var vars = new Vars(lease.Device, seed: 5);
        var testCase = ModuleCatalogue.Get(name);
        return (lease, vars, testCase.Make(vars), testCase);
    }

    private static Tensor Ones(Tensor like)
    {
        float[] values = [.. Enumerable.Range(0, like.Count).Select(i => 1 + (i % 7 * 0.25f))];   // unequal: equal ones cancel in a layer norm
        return like.Device.Tensor(values, like.Shape);
    }

    /// <summary>Frees parameters at the end, so that the device can be lent again.</summary>
    private sealed class Owned(Vars vars) : IDisposable
    {
        public void Dispose()
        {
            foreach (var parameter in vars.Parameters)
            {
                parameter.GradientBuffer?.Free();
                parameter.Buffer.Free();
            }
            foreach (var buffer in vars.Buffers) buffer.Buffer.Free();
        }
    }
}
