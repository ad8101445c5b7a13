using BenchmarkDotNet.Attributes;

namespace GpuNets.Benchmarks;

/// <summary>Functions of one and of two tensors, the latter with every kind of broadcasting.</summary>
public class ElementwiseBenchmarks : TensorBenchmarks
{
    /// <summary>x + y.</summary>
    [Benchmark, BenchmarkCategory("Forward"), Traffic(3)]
    public void Add() => Forward(() => X + Y);

    /// <summary>x y with a row repeated.</summary>
    [Benchmark, BenchmarkCategory("Forward"), Traffic(2)]
    public void MultiplyRow() => Forward(() => X * Row);

    /// <summary>x y with a column repeated.</summary>
    [Benchmark, BenchmarkCategory("Forward"), Traffic(2)]
    public void MultiplyColumn() => Forward(() => X * Column);

    /// <summary>max(x, 0).</summary>
    [Benchmark, BenchmarkCategory("Forward"), Traffic(2)]
    public void Relu() => Forward(() => X.Relu());

    /// <summary>e^x.</summary>
    [Benchmark, BenchmarkCategory("Forward"), Traffic(2)]
    public void Exp() => Forward(() => X.Exp());

    /// <summary>tanh(x).</summary>
    [Benchmark, BenchmarkCategory("Forward"), Traffic(2)]
    public void Tanh() => Forward(() => X.Tanh());

    /// <summary>The exact Gaussian error unit.</summary>
    [Benchmark, BenchmarkCategory("Forward"), Traffic(2)]
    public void Gelu() => Forward(() => X.Gelu());

    /// <summary>x^2.5, by a logarithm of two floats.</summary>
    [Benchmark, BenchmarkCategory("Forward"), Traffic(2)]
    public void Pow() => Forward(() => X.Pow(2.5f));

    /// <summary>tanh(x) and its gradient: x and y are read again, dy too, dx is written.</summary>
    [Benchmark, BenchmarkCategory("Backward"), Traffic(6)]
    public void TanhBackward() => Backward(() => X.Tanh(), X);

    /// <summary>x y and both gradients.</summary>
    [Benchmark, BenchmarkCategory("Backward"), Traffic(9)]
    public void MultiplyBackward() => Backward(() => X * Y, X, Y);

    /// <summary>x + row and both gradients: that of the row is a sum over columns.</summary>
    [Benchmark, BenchmarkCategory("Backward"), Traffic(5)]
    public void AddRowBackward() => Backward(() => X + Row, X, Row);
}
