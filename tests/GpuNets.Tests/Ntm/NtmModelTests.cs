using GpuNets.Models;

namespace GpuNets.Tests.Ntm;

/// <summary>The model: both forms, initial states, parameter names and counts, refusal of settings that make no sense.</summary>
public sealed class NtmModelTests
{
    // A constant memory makes all rows alike at first, so that gradients of keys are differences of nearly equal numbers.
    private static readonly NtmOptions s_small = new()
    {
        Inputs = 3,
        Outputs = 2,
        MemoryRows = 7,
        MemoryColumns = 5,
        ControllerWidth = 6,
        MemoryInit = NtmMemoryInit.Random,
        WeightingInit = NtmWeightingInit.Learned,
    };

    public static TheoryData<string, NtmOptions> Machines => new()
    {
        { "paper", s_small },
        { "two layers", s_small with { ControllerLayers = 2 } },
        { "feed-forward", s_small with { Controller = NtmController.FeedForward, ReadInit = NtmReadInit.Zeros, WeightingInit = NtmWeightingInit.FirstRow } },
        { "relu layers", s_small with { Controller = NtmController.FeedForward, LayerActivation = HeadActivation.Relu, ControllerLayers = 2 } },
        { "Collier and Beel", NtmOptions.CollierBeel(3, 2) with { MemoryRows = 7, MemoryColumns = 5, ControllerWidth = 6, WriteHeads = 2, MemoryInit = NtmMemoryInit.Random } },
        { "pytorch-ntm", NtmOptions.PyTorchNtm(3, 2) with { MemoryRows = 7, MemoryColumns = 5, ControllerWidth = 6, ReadHeads = 2, WriteHeads = 2 } },
        { "writes first", s_small with { HeadOrder = NtmHeadOrder.WritesFirst, ReadHeads = 2, WriteHeads = 3, MemoryInit = NtmMemoryInit.Learned } },
        { "content only", s_small with { Addressing = NtmAddressing.ContentOnly, MemoryInit = NtmMemoryInit.Learned } },
        { "not sharpened", s_small with { Sharpening = false, ShiftRange = 2 } },
    };

    [Theory(Timeout = 300_000)]
    [MemberData(nameof(Machines))]
    internal async Task Both_forms_give_the_same_numbers(string name, NtmOptions options)
    {
        await Task.Yield();
        using var lease = TestDevices.Lease();
        var persistent = Run(lease.Device, options);
        var steps = Run(lease.Device, options with { Form = NtmForm.Steps });
        Assert.Equal(persistent.Keys, steps.Keys);
        foreach (var (key, expected) in persistent)
        {
            // The tolerances of either form against the reference.
            double tolerance = key == "logits" ? NtmSequenceTests.ForwardTolerance : NtmSequenceTests.GradientTolerance;
            float scale = expected.Max(Math.Abs);
            for (int i = 0; i < expected.Length; i++)
                Assert.True(Math.Abs(expected[i] - steps[key][i]) <= tolerance * scale, $"{name}: {key}[{i}] is {expected[i]} and {steps[key][i]} (largest {scale}).");
        }
    }

    [Fact(Timeout = 300_000)]
    public async Task Names_are_those_of_pytorch_ntm()
    {
        await Task.Yield();
        using var lease = TestDevices.Lease();
        var vars = new Vars(lease.Device);
        _ = new NeuralTuringMachine(vars["ntm"], NtmOptions.PyTorchNtm(9, 8));
        string[] expected =
        [
            "ntm.controller.lstm.bias_hh_l0", "ntm.controller.lstm.bias_ih_l0", "ntm.controller.lstm.weight_hh_l0", "ntm.controller.lstm.weight_ih_l0",
            "ntm.controller.lstm_c_bias", "ntm.controller.lstm_h_bias", "ntm.fc.bias", "ntm.fc.weight", "ntm.heads.0.fc_read.bias",
            "ntm.heads.0.fc_read.weight", "ntm.heads.1.fc_write.bias", "ntm.heads.1.fc_write.weight", "ntm.memory.mem_bias", "ntm.read0_bias",
        ];
        Assert.Equal(expected, vars.Parameters.Select(p => p.Path).Order(StringComparer.Ordinal));
        Assert.Equal(65_440, vars.Parameters.Sum(p => p.Count));
    }

    [Theory(Timeout = 300_000)]
    [InlineData(10, 256, 9, 1_352_969)]
    [InlineData(8, 512, 7, 5_312_007)]
    [InlineData(8, 256, 6, 1_344_518)]
    [InlineData(1, 128, 1, 331_905)]
    public async Task Lstm_baseline_has_the_papers_parameters(int inputs, int width, int outputs, long count)
    {
        await Task.Yield();
        using var lease = TestDevices.Lease();
        var vars = new Vars(lease.Device);
        Assert.Equal(count, new LstmBaseline(vars, inputs, width, outputs).ParameterCount);
    }

    [Fact(Timeout = 300_000)]
    public async Task Lstm_baseline_learns_a_batch()
    {
        await Task.Yield();
        using var lease = TestDevices.Lease();
        var vars = new Vars(lease.Device);
        var baseline = new LstmBaseline(vars, 5, 16, 4);
        var batch = new CopyTask { Width = 4, MinLength = 2, MaxLength = 2 }.Generate(3, 1, 0);
        var adam = new Adam(vars.Parameters, learningRate: 0.02f);
        float first = 0, last = 0;
        for (int step = 0; step < 120; step++)
        {
            using var tape = lease.Device.Record();
            var loss = batch.Loss(baseline.Forward(batch.InputsOn(lease.Device)));
            tape.Backward(loss);
            adam.Step();
            last = loss.Item();
            if (step == 0) first = last;
        }
        Assert.True(last < 0.02f * first, $"loss {first} -> {last}");
    }

    [Fact(Timeout = 300_000)]
    public async Task A_second_step_and_inference_without_a_scope_take_no_new_memory()
    {
        await Task.Yield();
        using var lease = TestDevices.Lease();
        var device = lease.Device;
        var vars = new Vars(device);
        var machine = new NeuralTuringMachine(vars, s_small);
        var adam = new Adam(vars.Parameters);
        var batch = new CopyTask { Width = 2 }.AtLength(3).Generate(2, 1, 0);
        Step();
        var after = device.Memory;
        long launches = device.Launches;
        Step();
        launches = device.Launches - launches;
        Assert.Equal((after.DeviceAllocations, after.LiveBytes, after.PeakBytes), (device.Memory.DeviceAllocations, device.Memory.LiveBytes, device.Memory.PeakBytes));
        // Two persistent launches; the rest packs weights, multiplies matrices, sums columns, and does loss and optimiser.
        Assert.InRange(launches, 10, 60);
        int live = device.Memory.LiveBlocks;
        machine.Forward(device.Tensor(batch.Inputs, [7, 2, 3]));
        Assert.Equal(4, device.Memory.LiveBlocks - live);   // inputs, logits, softmax of the first weightings, tanh of the first reads

        void Step()
        {
            using var tape = device.Record();
            tape.Backward(batch.Loss(machine.Forward(batch.InputsOn(device))));
            adam.Step();
        }
    }

    [Fact(Timeout = 300_000)]
    public async Task Clipped_logits_have_no_gradient_beyond()
    {
        await Task.Yield();
        using var lease = TestDevices.Lease();
        var vars = new Vars(lease.Device);
        var machine = new NeuralTuringMachine(vars, s_small with { LogitClip = 0.5f });
        vars.Parameters.Single(p => p.Path == "fc.bias").Assign([9, 0]);
        using var tape = lease.Device.Record();
        var logits = machine.Forward(lease.Device.Tensor([1, 0, 1], [1, 1, 3]));
        tape.Backward(logits, lease.Device.Tensor([1, 1], [1, 1, 2]));
        Assert.Equal(0.5f, logits.ToArray()[0]);
        Assert.Equal([0f, 1f], vars.Parameters.Single(p => p.Path == "fc.bias").Gradient!.ToArray());
    }

    [Fact(Timeout = 300_000)]
    public async Task Options_that_make_no_sense_are_refused()
    {
        await Task.Yield();
        using var lease = TestDevices.Lease();
        (NtmOptions Options, string Says)[] wrong =
        [
            (s_small with { ReadHeads = 0 }, "ReadHeads"), (s_small with { ShiftRange = 4 }, "ShiftRange"), (s_small with { HeadClip = -1 }, "HeadClip"),
            (s_small with { HeadOrder = NtmHeadOrder.Alternate, WriteHeads = 2 }, "WriteMode"), (s_small with { Beta = HeadActivation.Tanh }, "Beta"),
        ];
        foreach (var (options, says) in wrong)
        {
            var vars = new Vars(lease.Device);
            Assert.Contains(says, Assert.Throws<ArgumentException>(() => new NeuralTuringMachine(vars, options)).Message, StringComparison.Ordinal);
            Assert.Empty(vars.Parameters);
        }
    }

    [Fact(Timeout = 300_000)]
    public async Task Inputs_of_another_shape_are_refused()
    {
        await Task.Yield();
        using var lease = TestDevices.Lease();
        var vars = new Vars(lease.Device);
        var machine = new NeuralTuringMachine(vars, s_small);
        using var scope = lease.Device.Scope();
        foreach (Shape shape in (Shape[])[[4, 2, 2], [4, 3], [0, 2, 3]])
            Assert.Contains("[time, batch, 3]", Assert.Throws<ShapeException>(() => machine.Forward(lease.Device.Tensor(new float[shape.Count], shape))).Message, StringComparison.Ordinal);
    }

    private static Dictionary<string, float[]> Run(Device device, NtmOptions options)
    {
        var vars = new Vars(device);
        var machine = new NeuralTuringMachine(vars, options);
        // Larger weights than at first, so that addresses differ.
        var random = new Philox(3);
        uint draw = 0;
        foreach (var parameter in vars.Parameters)
            parameter.Assign([.. Enumerable.Range(0, parameter.Count).Select(_ => (float)random.Normal(draw++) * 0.6f)]);
        const int time = 4, batch = 3;
        using var tape = device.Record();
        float[] Values(int width) => [.. Enumerable.Range(0, time * batch * width).Select(_ => (float)random.Normal(draw++))];
        var inputs = tape.Watch(device.Tensor(Values(options.Inputs), [time, batch, options.Inputs]));
        var logits = machine.Forward(inputs);
        tape.Backward(logits, device.Tensor(Values(options.Outputs), logits.Shape));
        var result = vars.Parameters.ToDictionary(p => p.Path, p => p.Gradient!.ToArray());
        result.Add("logits", logits.ToArray());
        result.Add("inputs", tape.Gradient(inputs)!.ToArray());
        return result;
    }
}
