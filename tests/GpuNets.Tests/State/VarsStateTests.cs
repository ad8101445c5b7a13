namespace GpuNets.Tests.State;

public sealed class VarsStateTests
{
    private static Vars Make(Device device, ulong seed, int width = 4)
    {
        var vars = new Vars(device, seed);
        vars["hidden"].Parameter("weight", [3, width], Init.Normal(1));
        vars["hidden"].Parameter("bias", width, Init.Normal(1));
        vars["output"]["0"].Parameter("scale", [], Init.Normal(1));
        return vars;
    }

    private static float[][] Values(Vars vars) => [.. vars.Parameters.Select(p => p.ToArray())];

    [Fact(Timeout = 60_000)]
    public async Task Saved_and_loaded_equals_the_original()
    {
        await Task.Yield();
        using var device = Device.Open(TestDevices.Name);
        using var folder = new TempFolder();
        var original = Make(device, seed: 1);
        original.Save(folder.File("model.safetensors"));
        var loaded = Make(device, seed: 2);
        Assert.NotEqual(Values(original), Values(loaded));

        loaded.Load(folder.File("model.safetensors"));

        Assert.Equal(Values(original), Values(loaded));
        Assert.Equal(["hidden.weight", "hidden.bias", "output.0.scale"], StateDict.Load(folder.File("model.safetensors")).Names);
        Assert.Equal([3L, 4L], StateDict.Load(folder.File("model.safetensors"))["hidden.weight"].Shape.AsEnumerable());
    }

    [Fact(Timeout = 60_000)]
    public async Task A_branch_saves_and_loads_under_its_own_names()
    {
        await Task.Yield();
        using var device = Device.Open(TestDevices.Name);
        var original = Make(device, seed: 1);
        var state = original["hidden"].State();
        Assert.Equal(["weight", "bias"], state.Names);
        var other = Make(device, seed: 2);
        float[] scale = other.Parameters[2].ToArray();
        other["hidden"].Load(state);
        Assert.Equal(Values(original)[..2], Values(other)[..2]);
        Assert.Equal(scale, other.Parameters[2].ToArray());
    }

    [Fact(Timeout = 60_000)]
    public async Task What_does_not_fit_is_listed_in_one_error_and_nothing_changes()
    {
        await Task.Yield();
        using var device = Device.Open(TestDevices.Name);
        var vars = Make(device, seed: 1);
        var before = Values(vars);
        var state = new StateDict();
        state.Add(StateTensor.From("hidden.bias", [4], new float[4]));
        state.Add(StateTensor.From("hidden.weight", [4, 3], new float[12]));
        state.Add(StateTensor.From("old", [1], new float[1]));

        var error = Assert.Throws<StateDictException>(() => vars.Load(state));

        Assert.Equal(["output.0.scale"], error.Missing);
        Assert.Equal(["old"], error.Unexpected);
        Assert.Single(error.Mismatched);
        Assert.Equal(before, Values(vars));
    }

    [Fact(Timeout = 60_000)]
    public async Task Parameters_made_from_a_checkpoint_take_its_values()
    {
        await Task.Yield();
        using var device = Device.Open(TestDevices.Name);
        var original = Make(device, seed: 1);
        var state = original.State();
        state.Add(StateTensor.From("extra", [1], [1f]));
        var vars = new Vars(device, state, seed: 9);
        Assert.Equal(original["hidden"].Parameters[0].ToArray(), vars["hidden"].Parameter("weight", [3, 4], Init.Zeros).ToArray());
        Assert.Equal(["hidden.bias", "output.0.scale", "extra"], vars.Unused);
        Assert.Equal("hidden.bias", Assert.Throws<StateDictException>(() => vars["hidden"].Parameter("bias", 5, Init.Zeros)).Tensor);
        Assert.Equal("hidden.gain", Assert.Throws<StateDictException>(() => vars["hidden"].Parameter("gain", 5, Init.Zeros)).Tensor);
    }

    [Fact(Timeout = 60_000)]
    public async Task An_optimiser_refuses_state_of_another_without_changing()
    {
        await Task.Yield();
        using var device = Device.Open(TestDevices.Name);
        var adam = new Adam(Make(device, seed: 1).Parameters);
        var other = new Sgd(Make(device, seed: 1).Parameters, 0.1f, momentum: 0.9f);
        var error = Assert.Throws<StateDictException>(() => adam.Load(other.State()));
        Assert.Contains("exp_avg.hidden.weight", error.Missing);
        var wrongCounter = new StateDict();
        foreach (var tensor in adam.State())
            wrongCounter.Add(tensor.Name == "step" ? StateTensor.From("step", [], [1.5f]) : StateTensor.From(tensor.Name, tensor.Shape.AsSpan(), [.. tensor.ToFloats().Select(_ => 7f)]));
        Assert.Throws<StateDictException>(() => adam.Load(wrongCounter));
        Assert.All(adam.State()["exp_avg.hidden.bias"].ToFloats(), value => Assert.Equal(0f, value));
    }
}
