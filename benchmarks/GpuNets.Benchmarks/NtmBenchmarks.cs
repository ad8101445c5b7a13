using BenchmarkDotNet.Attributes;
using GpuNets.Models;

namespace GpuNets.Benchmarks;

/// <summary>
/// A training step of the Neural Turing Machine of the paper's copy task (LSTM of 100 units, 128 x 20 memory, length 20: 41 steps) in both
/// forms; the step form is the baseline. Prints the launches of a step and the memory that it takes. The device is that of GPUNETS_DEVICE.
/// </summary>
[MemoryDiagnoser(false)]
public class NtmBenchmarks
{
    private Device _device = null!;
    private NeuralTuringMachine _machine = null!;
    private Optimizer _optimizer = null!;
    private NtmBatch _batch = null!;

    /// <summary>Sequences per update.</summary>
    [Params(1, 16)]
    public int Batch { get; set; }

    /// <summary>One launch per sequence, or fused kernels step by step.</summary>
    [Params(NtmForm.Steps, NtmForm.Persistent)]
    public NtmForm Form { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _device = Device.Open();
        var task = new CopyTask().AtLength(20);
        var vars = new Vars(_device, seed: 1);
        _machine = new NeuralTuringMachine(vars, NtmOptions.Paper(task.Inputs, task.Outputs) with { Form = Form });
        _optimizer = RmsProp.Graves(vars.Parameters);
        _optimizer.ClipValue = 10f;
        _batch = task.Generate(Batch, seed: 1, index: 0);
        Step();
        long before = _device.Launches;
        Step();
        Console.WriteLine($"// launches per training step: {_device.Launches - before} ({Form}, batch {Batch}, {_device})");
    }

    /// <summary>Forward, loss, backward and update.</summary>
    [Benchmark, BenchmarkCategory("Step")]
    public void Step()
    {
        using var tape = _device.Record();
        tape.Backward(_batch.Loss(_machine.Forward(_batch.InputsOn(_device))));
        _optimizer.Step();
        _device.Synchronize();
    }

    /// <summary>Logits alone, without a tape.</summary>
    [Benchmark, BenchmarkCategory("Forward")]
    public void Forward()
    {
        using var scope = _device.Scope();
        _machine.Forward(_batch.InputsOn(_device));
        _device.Synchronize();
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        Console.WriteLine($"// memory: {_device.Memory}");
        _device.Dispose();
    }
}
