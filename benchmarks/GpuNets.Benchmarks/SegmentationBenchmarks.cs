using BenchmarkDotNet.Attributes;

namespace GpuNets.Benchmarks;

/// <summary>
/// Scores and structured prediction of a map of 180x240 pixels and 21 classes, as CamVid at half size with the classes of VOC, on the device that
/// GPUNETS_DEVICE names (the host's cores by default). The image is smooth with edges and noise. Each method waits for the device once.
/// </summary>
public class SegmentationBenchmarks
{
    private const int Height = 180, Width = 240, Classes = 21;

    private readonly CrfKernels _kernels = new();
    private Device? _device;
    private Tensor? _image, _logits, _rows;
    private IndexTensor? _labels;
    private GaussianFilter? _bilateral, _spatial;

    /// <summary>Maps at once.</summary>
    [Params(1, 8)]
    public int Batch { get; set; } = 1;

    /// <summary>Makes image, scores and filters, and compiles the kernels.</summary>
    [GlobalSetup]
    public void Setup()
    {
        _device = Device.Open(Environment.GetEnvironmentVariable(Device.EnvironmentVariable) ?? "cpu");
        var random = new Philox(1);
        float[] image = new float[Batch * 3 * Height * Width];
        for (int i = 0; i < image.Length; i++)
        {
            int x = i % Width, y = i / Width % Height, channel = i / (Width * Height) % 3;
            double wave = 60 * Math.Sin(x * 0.02 + channel) + 40 * Math.Cos(y * 0.03 - channel);
            image[i] = (float)(128 + wave + ((x / 60 + y / 45) % 2 == 0 ? 30 : -30) + 5 * random.Normal((uint)i));
        }
        _image = _device.Tensor(image, (Batch, 3, Height, Width));
        float[] logits = new float[Batch * Classes * Height * Width];
        for (int i = 0; i < logits.Length; i++) logits[i] = random.Uniform((uint)i) * 4;
        _logits = _device.Tensor(logits, (Batch, Classes, Height, Width));
        _rows = _device.Tensor(logits, new Shape(Batch, Height * Width, Classes));
        _labels = _device.Indices([.. Enumerable.Range(0, Batch * Height * Width).Select(i => i % 50 == 0 ? 255 : i / 40 % Classes)], new Shape(Batch, Height, Width));
        (_bilateral, _spatial) = (_kernels.Bilateral(_image), _kernels.Spatial(_image));
    }

    /// <summary>Frees the device.</summary>
    [GlobalCleanup]
    public void Cleanup() => _device!.Dispose();

    /// <summary>Cross-entropy and gradient through a permuted copy of the scores: what it was before it took an axis.</summary>
    [Benchmark(Baseline = true), BenchmarkCategory("Step")]
    public void CrossEntropyPermuted() => Step(x => x.Permute(0, 2, 3, 1).CrossEntropy(_labels!, ignoredLabel: 255), _logits!);

    /// <summary>Cross-entropy and gradient along the axis of classes.</summary>
    [Benchmark, BenchmarkCategory("Step")]
    public void CrossEntropyMaps() => Step(x => x.CrossEntropy(_labels!, ignoredLabel: 255, axis: 1), _logits!);

    /// <summary>Label maps of scores.</summary>
    [Benchmark, BenchmarkCategory("Forward")]
    public void ArgMax() => Forward(() => _logits!.ArgMax(1));

    /// <summary>Scores counted into a confusion matrix.</summary>
    [Benchmark, BenchmarkCategory("Forward")]
    public void Confusion() => Forward(() =>
    {
        using var matrix = new ConfusionMatrix(_device!, Classes);
        matrix.Add(_logits!, _labels!);
        return matrix.Counts;
    });

    /// <summary>The lattice of positions and colours.</summary>
    [Benchmark, BenchmarkCategory("Forward")]
    public void BuildBilateral() => Forward(() => _kernels.Bilateral(_image!));

    /// <summary>The lattice of positions.</summary>
    [Benchmark, BenchmarkCategory("Forward")]
    public void BuildSpatial() => Forward(() => _kernels.Spatial(_image!));

    /// <summary>All classes filtered on positions and colours.</summary>
    [Benchmark, BenchmarkCategory("Forward")]
    public void FilterBilateral() => Forward(() => _bilateral!.FilterRows(_rows!));

    /// <summary>All classes filtered on positions.</summary>
    [Benchmark, BenchmarkCategory("Forward")]
    public void FilterSpatial() => Forward(() => _spatial!.FilterRows(_rows!));

    /// <summary>A mean-field iteration with both kernels.</summary>
    [Benchmark, BenchmarkCategory("Forward")]
    public void MeanFieldIteration() => Forward(() =>
    {
        var q = _rows!.Softmax();
        return _rows + (_bilateral!.FilterRows(q) * 10f + _spatial!.FilterRows(q) * 3f);
    });

    /// <summary>Lattices and ten iterations.</summary>
    [Benchmark, BenchmarkCategory("Forward")]
    public void DenseCrf() => Forward(() => new DenseCrf().Forward(_logits!, _image!));

    private void Forward(Action run)
    {
        using var scope = _device!.Scope();
        run();
        _device!.Synchronize();
    }

    private void Forward(Func<object> run) => Forward(() => { run(); });

    private void Step(Func<Tensor, Tensor> loss, Tensor x)
    {
        using var tape = _device!.Record();
        tape.Backward(loss(tape.Watch(x)));
        _device!.Synchronize();
    }
}
