using BenchmarkDotNet.Attributes;
using GpuNets.Kernels;

namespace GpuNets.Benchmarks;

/// <summary>
/// Recurrent layers over whole sequences, on the device that GPUNETS_DEVICE names (the host's cores by default). The baseline launches
/// every step on its own (on devices other than the host, so does the layer). Each method waits for the device once.
/// </summary>
public class RecurrentBenchmarks
{
    private Device? _device;
    private Lstm? _lstm;
    private Gru? _gru;
    private Tensor? _input, _outputGradient;
    private RecurrentDirection? _steps;
    private DeviceBuffer? _output;

    /// <summary>Rows of the batch.</summary>
    [Params(1, 32)]
    public int Batch { get; set; } = 32;

    /// <summary>Hidden units, and features of the input.</summary>
    [Params(100, 256)]
    public int Units { get; set; } = 256;

    private RecurrentSize Size => new(50, Batch, Units, 1);

    /// <summary>Makes layers and data, and compiles the kernels.</summary>
    [GlobalSetup]
    public void Setup()
    {
        _device = Device.Open(Environment.GetEnvironmentVariable(Device.EnvironmentVariable) ?? "cpu");
        var vars = new Vars(_device, seed: 1);
        _lstm = new Lstm(vars["lstm"], Units, Units);
        _gru = new Gru(vars["gru"], Units, Units);
        var random = new Philox(1);
        Tensor Numbers() => _device.Tensor(
            [.. Enumerable.Range(0, Size.Time * Size.State).Select(i => random.Uniform((uint)i) - 0.5f)], (Size.Time, Batch, Units));
        (_input, _outputGradient) = (Numbers(), Numbers());
        _output = _device.Allocate(Size.Time * Size.State);
        _steps = new RecurrentDirection
        {
            Index = 0,
            HiddenWeight = _lstm.Parameters[1].Buffer,
            HiddenBias = _lstm.Parameters[3].Buffer,
            Gates = _device.Allocate(Size.Gates),
            Hidden = _device.Allocate(Size.States),
            Cell = _device.Allocate(Size.States),
        };
        foreach (var buffer in new[] { _steps.Gates, _steps.Hidden, _steps.Cell }) Fill.Launch(buffer, 0f);
    }

    /// <summary>Frees the device.</summary>
    [GlobalCleanup]
    public void Cleanup() => _device!.Dispose();

    /// <summary>The recurrence alone, one product and one kernel per step.</summary>
    [Benchmark(Baseline = true), BenchmarkCategory("Forward")]
    public void LstmRecurrenceStepwise()
    {
        Recurrence.StepwiseForward<LstmUnits>(Size, _steps!, _output!, null);
        _device!.Synchronize();
    }

    /// <summary>The recurrence alone, in the form that the device picks.</summary>
    [Benchmark, BenchmarkCategory("Forward")]
    public void LstmRecurrence()
    {
        Recurrence.Forward<LstmUnits>(Size, [_steps!], _output!, null);
        _device!.Synchronize();
    }

    /// <summary>A layer without gradients.</summary>
    [Benchmark, BenchmarkCategory("Forward")]
    public void LstmForward()
    {
        using var scope = _device!.Scope();
        _lstm!.Forward(_input!);
        _device!.Synchronize();
    }

    /// <summary>A layer with all gradients.</summary>
    [Benchmark, BenchmarkCategory("Step")]
    public void LstmStep()
    {
        foreach (var parameter in _lstm!.Parameters) parameter.ClearGradient();
        using var tape = _device!.Record();
        tape.Backward(_lstm.Forward(_input!).Output, _outputGradient!);
        _device!.Synchronize();
    }

    /// <summary>A layer with all gradients.</summary>
    [Benchmark, BenchmarkCategory("Step")]
    public void GruStep()
    {
        foreach (var parameter in _gru!.Parameters) parameter.ClearGradient();
        using var tape = _device!.Record();
        tape.Backward(_gru.Forward(_input!).Output, _outputGradient!);
        _device!.Synchronize();
    }
}
