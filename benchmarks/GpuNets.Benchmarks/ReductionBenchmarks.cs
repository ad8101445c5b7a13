using BenchmarkDotNet.Attributes;

namespace GpuNets.Benchmarks;

/// <summary>Reductions over everything, rows and columns.</summary>
public class ReductionBenchmarks : TensorBenchmarks
{
    /// <summary>Sum of all.</summary>
    [Benchmark, BenchmarkCategory("Forward"), Traffic(1)]
    public void Sum() => Forward(() => X.Sum());

    /// <summary>Sum of each row.</summary>
    [Benchmark, BenchmarkCategory("Forward"), Traffic(1)]
    public void SumRows() => Forward(() => X.Sum(1));

    /// <summary>Sum of each column.</summary>
    [Benchmark, BenchmarkCategory("Forward"), Traffic(1)]
    public void SumColumns() => Forward(() => X.Sum(0));

    /// <summary>Maximum of all.</summary>
    [Benchmark, BenchmarkCategory("Forward"), Traffic(1)]
    public void Max() => Forward(() => X.Max());

    /// <summary>Maximum of each column.</summary>
    [Benchmark, BenchmarkCategory("Forward"), Traffic(1)]
    public void MaxColumns() => Forward(() => X.Max(0));

    /// <summary>Log-sum-exp of each row.</summary>
    [Benchmark, BenchmarkCategory("Forward"), Traffic(1)]
    public void LogSumExpRows() => Forward(() => X.LogSumExp(1));

    /// <summary>Sum of all and its gradient.</summary>
    [Benchmark, BenchmarkCategory("Backward"), Traffic(2)]
    public void SumBackward() => Backward(() => X.Sum(), X);

    /// <summary>Maximum of each row and its gradient, which counts ties.</summary>
    [Benchmark, BenchmarkCategory("Backward"), Traffic(6)]
    public void MaxRowsBackward() => Backward(() => X.Max(1), X);
}
