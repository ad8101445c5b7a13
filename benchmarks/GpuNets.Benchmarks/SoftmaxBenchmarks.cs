using BenchmarkDotNet.Attributes;

namespace GpuNets.Benchmarks;

/// <summary>Softmax, log-softmax and cross-entropy over rows and columns.</summary>
public class SoftmaxBenchmarks : TensorBenchmarks
{
    private IndexTensor? _labels;

    /// <inheritdoc/>
    public override void Setup()
    {
        base.Setup();
        _labels = Device.Indices([.. Enumerable.Range(0, X.Shape[0]).Select(i => i % X.Shape[1])], X.Shape[0]);
    }

    /// <summary>Softmax of each row.</summary>
    [Benchmark, BenchmarkCategory("Forward"), Traffic(2)]
    public void Softmax() => Forward(() => X.Softmax());

    /// <summary>Softmax of each column.</summary>
    [Benchmark, BenchmarkCategory("Forward"), Traffic(6)]
    public void SoftmaxColumns() => Forward(() => X.Softmax(0));

    /// <summary>Log-softmax of each row.</summary>
    [Benchmark, BenchmarkCategory("Forward"), Traffic(2)]
    public void LogSoftmax() => Forward(() => X.LogSoftmax());

    /// <summary>Cross-entropy of each row with a label.</summary>
    [Benchmark, BenchmarkCategory("Forward"), Traffic(1)]
    public void CrossEntropy() => Forward(() => X.CrossEntropy(_labels!));

    /// <summary>Softmax of each row and its gradient.</summary>
    [Benchmark, BenchmarkCategory("Backward"), Traffic(5)]
    public void SoftmaxBackward() => Backward(() => X.Softmax(), X);

    /// <summary>Cross-entropy and its gradient.</summary>
    [Benchmark, BenchmarkCategory("Backward"), Traffic(3)]
    public void CrossEntropyBackward() => Backward(() => X.CrossEntropy(_labels!), X);
}
