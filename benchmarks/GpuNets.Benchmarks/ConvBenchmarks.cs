using BenchmarkDotNet.Attributes;
using GpuNets.Kernels;

namespace GpuNets.Benchmarks;

/// <summary>
/// Convolutions against the direct kernel (one thread per output), on the device that GPUNETS_DEVICE names (the host's cores by default).
/// Each method runs once and waits.
/// </summary>
[Config(typeof(FlopsConfig))]
public class ConvBenchmarks
{
    private Device? _device;
    private DeviceBuffer? _x, _weight, _bias, _y, _dx, _dweight;

    /// <summary>The case.</summary>
    [ParamsSource(nameof(Cases))]
    public ConvCase Case { get; set; } = ConvCase.All.First();

    /// <summary>All cases.</summary>
    public static IEnumerable<ConvCase> Cases => ConvCase.All;

    /// <summary>Fills the operands and compiles the kernels.</summary>
    [GlobalSetup]
    public void Setup()
    {
        _device = Device.Open(Environment.GetEnvironmentVariable(Device.EnvironmentVariable) ?? "cpu");
        var size = Case.Size;
        _x = Filled(size.Batch * size.In * size.InPlane, 1);
        _weight = Filled(size.Out * size.InPerGroup * size.Kernel, 2);
        _bias = Filled(size.Out, 3);
        _y = Filled(size.Batch * size.Out * size.OutPlane, 4);
        (_dx, _dweight) = (_device.Allocate(_x.Length), _device.Allocate(_weight.Length));
        Direct();
        Forward();
        BackwardData();
        BackwardWeight();
    }

    /// <summary>Frees the device.</summary>
    [GlobalCleanup]
    public void Cleanup() => _device!.Dispose();

    /// <summary>One thread per output.</summary>
    [Benchmark(Baseline = true), BenchmarkCategory("Forward")]
    public void Direct()
    {
        Convolution.Forward(Case.Size, _x!, _weight!, _bias, _y!, form: ConvForm.Direct);
        _device!.Synchronize();
    }

    /// <summary>The form that the plan of the device picks.</summary>
    [Benchmark, BenchmarkCategory("Forward")]
    public void Forward()
    {
        Convolution.Forward(Case.Size, _x!, _weight!, _bias, _y!);
        _device!.Synchronize();
    }

    /// <summary>The gradient to the input.</summary>
    [Benchmark, BenchmarkCategory("Backward")]
    public void BackwardData()
    {
        Convolution.BackwardData(Case.Size, _y!, _weight!, _dx!);
        _device!.Synchronize();
    }

    /// <summary>The gradient to the weight.</summary>
    [Benchmark, BenchmarkCategory("Backward")]
    public void BackwardWeight()
    {
        Convolution.BackwardWeight(Case.Size, _x!, _y!, _dweight!);
        _device!.Synchronize();
    }

    private DeviceBuffer Filled(int length, ulong seed)
    {
        var random = new Philox(seed);
        var buffer = _device!.Allocate(length);
        buffer.Write([.. Enumerable.Range(0, length).Select(i => random.Uniform((uint)i) - 0.5f)]);
        return buffer;
    }
}
