using BenchmarkDotNet.Attributes;

namespace GpuNets.Benchmarks;

/// <summary>
/// Rows times the matrix of their segment, 64 to 64, on the device that GPUNETS_DEVICE names (the host's cores by default). The baseline
/// multiplies segment after segment. Each method waits for the device once.
/// </summary>
public class GroupedBenchmarks
{
    private const int Rows = 200_000, Size = 64;

    private Device? _device;
    private Segments? _segments;
    private Tensor? _x, _matrices, _gradient;

    /// <summary>Number of segments.</summary>
    [Params(14, 1000)]
    public int Count { get; set; } = 14;

    /// <summary>Makes the operands and compiles the kernels.</summary>
    [GlobalSetup]
    public void Setup()
    {
        _device = Device.Open(Environment.GetEnvironmentVariable(Device.EnvironmentVariable) ?? "cpu");
        var random = new Philox(1);
        Tensor Filled(params int[] shape) =>
            _device.Tensor([.. Enumerable.Range(0, shape.Aggregate(1, (p, size) => p * size)).Select(i => random.Uniform((uint)i) - 0.5f)], shape);
        _segments = _device.SegmentsOfLengths([.. Enumerable.Range(0, Count).Select(s => Rows / Count)]);
        (_x, _matrices, _gradient) = (Filled(_segments.Rows, Size), Filled(Count, Size, Size), Filled(_segments.Rows, Size));
        OneByOne();
        Together();
        Step();
    }

    /// <summary>Frees the device.</summary>
    [GlobalCleanup]
    public void Cleanup() => _device!.Dispose();

    /// <summary>A product per segment.</summary>
    [Benchmark(Baseline = true), BenchmarkCategory("Forward")]
    public void OneByOne()
    {
        using var scope = _device!.Scope();
        int rows = Rows / Count;
        for (int s = 0; s < Count; s++) _x!.Slice(0, s * rows, (s + 1) * rows).MatMul(_matrices!.Slice(0, s, s + 1).Reshape(Size, Size), transposeOther: true);
        _device!.Synchronize();
    }

    /// <summary>One launch.</summary>
    [Benchmark, BenchmarkCategory("Forward")]
    public void Together()
    {
        using var scope = _device!.Scope();
        _x!.SegmentMatMul(_segments!, _matrices!);
        _device!.Synchronize();
    }

    /// <summary>Forward, and back to rows and matrices.</summary>
    [Benchmark, BenchmarkCategory("Step")]
    public void Step()
    {
        using var tape = _device!.Record();
        tape.Backward(tape.Watch(_x!).SegmentMatMul(_segments!, tape.Watch(_matrices!)), _gradient!);
        _device!.Synchronize();
    }
}
