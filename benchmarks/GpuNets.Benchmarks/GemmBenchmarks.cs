using BenchmarkDotNet.Attributes;
using GpuNets.Kernels;

namespace GpuNets.Benchmarks;

/// <summary>
/// Matrix products against the naive kernel (one thread per output, nothing reused), on the device that GPUNETS_DEVICE names (the
/// host's cores by default). Each method launches once and waits.
/// </summary>
[Config(typeof(FlopsConfig))]
public class GemmBenchmarks
{
    private Device? _device;
    private DeviceBuffer? _a, _b, _c, _bias;

    /// <summary>The case.</summary>
    [ParamsSource(nameof(Shapes))]
    public GemmShape Shape { get; set; } = GemmShape.All.First();

    /// <summary>All cases.</summary>
    public static IEnumerable<GemmShape> Shapes => GemmShape.All;

    /// <summary>Fills the operands and compiles the kernels.</summary>
    [GlobalSetup]
    public void Setup()
    {
        _device = Device.Open(Environment.GetEnvironmentVariable(Device.EnvironmentVariable) ?? "cpu");
        _a = Filled(Shape.Size.LastA, 1);
        _b = Filled(Shape.Size.LastB, 2);
        _c = Filled(Shape.Size.LastC, 3);
        _bias = Filled(Shape.Size.N, 4);
        Naive();
        Tiled();
    }

    /// <summary>Frees the device.</summary>
    [GlobalCleanup]
    public void Cleanup() => _device!.Dispose();

    /// <summary>One thread per output.</summary>
    [Benchmark(Baseline = true)]
    public void Naive()
    {
        switch (Shape.Activation)
        {
            case Activation.Relu: Launch<Relu>(); break;
            case Activation.Tanh: Launch<Tanh>(); break;
            default: Launch<NoActivation>(); break;
        }
        _device!.Synchronize();
    }

    /// <summary>The form that the plan of the device picks.</summary>
    [Benchmark]
    public void Tiled()
    {
        Gemm.Run(_a!, _b!, _c!, Shape.Size, _bias, Shape.Activation);
        _device!.Synchronize();
    }

    private void Launch<TActivation>() where TActivation : struct, IUnaryOp
    {
        var size = Shape.Size;
        _device!.ForEach(
            new NaiveGemm<TActivation>
            {
                A = _a!.Floats,
                B = _b!.Floats,
                C = _c!.Floats,
                Old = _c!.Floats,
                Bias = _bias!.Floats,
                Size = new GemmGeometry(size, hasBias: true, accumulate: false),
            },
            size.M * size.N * size.Batch, 0.5f * size.K);
    }

    private DeviceBuffer Filled(long length, ulong seed)
    {
        var random = new Philox(seed);
        var buffer = _device!.Allocate((int)length);
        buffer.Write([.. Enumerable.Range(0, (int)length).Select(i => random.Uniform((uint)i) - 0.5f)]);
        return buffer;
    }
}
