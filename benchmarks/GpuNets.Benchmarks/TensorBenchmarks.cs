using BenchmarkDotNet.Attributes;

namespace GpuNets.Benchmarks;

/// <summary>
/// Base of benchmarks over tensors of <see cref="Count"/> floats on the device that GPUNETS_DEVICE names (the host's cores by default). A
/// method runs once and waits. Backward is timed with its forward pass, which it cannot run without.
/// </summary>
[Config(typeof(BandwidthConfig))]
public abstract class TensorBenchmarks
{
    private Device? _device;

    /// <summary>Number of floats: one that stays in cache and one that does not.</summary>
    [Params(1 << 14, 1 << 24)]
    public int Count { get; set; }

    /// <summary>The device.</summary>
    protected Device Device => _device!;

    /// <summary>A matrix of <see cref="Count"/> values in [0.5, 1.5) , square or nearly so.</summary>
    protected Tensor X { get; private set; } = null!;

    /// <summary>Another one.</summary>
    protected Tensor Y { get; private set; } = null!;

    /// <summary>One row.</summary>
    protected Tensor Row { get; private set; } = null!;

    /// <summary>One column.</summary>
    protected Tensor Column { get; private set; } = null!;

    /// <summary>Makes the tensors.</summary>
    [GlobalSetup]
    public virtual void Setup()
    {
        _device = Device.Open(Environment.GetEnvironmentVariable(Device.EnvironmentVariable) ?? "cpu");
        int columns = 1;
        while ((long)columns * columns < Count) columns *= 2;
        int rows = Count / columns;
        X = _device.RandomUniform([rows, columns], new Philox(1), 0.5f, 1.5f);
        Y = _device.RandomUniform([rows, columns], new Philox(2), 0.5f, 1.5f);
        Row = _device.RandomUniform([columns], new Philox(3), 0.5f, 1.5f);
        Column = _device.RandomUniform([rows, 1], new Philox(4), 0.5f, 1.5f);
    }

    /// <summary>Frees the device.</summary>
    [GlobalCleanup]
    public void Cleanup() => _device!.Dispose();

    /// <summary>Runs a function without a tape.</summary>
    protected void Forward(Func<Tensor> function)
    {
        using var scope = Device.Scope();
        function();
        Device.Synchronize();
    }

    /// <summary>Runs a function and its gradient with respect to the given tensors.</summary>
    protected void Backward(Func<Tensor> function, params ReadOnlySpan<Tensor> inputs)
    {
        using var tape = Device.Record();
        foreach (var input in inputs)
        {
            input.RequiresGradient = true;
            input.GradientBuffer = null;
        }
        var output = function();
        tape.Backward(output, output);
        Device.Synchronize();
        foreach (var input in inputs) input.RequiresGradient = false;
    }
}
