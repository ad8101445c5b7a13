namespace GpuNets;

/// <summary>Shapes, axes or sizes that do not fit the operation they were given to.</summary>
/// <param name="operation">The operation, for instance <c>Conv2d</c>.</param>
/// <param name="problem">What came and what was expected.</param>
public sealed class ShapeException(string operation, string problem) : GpuNetsException($"{operation}: {problem}")
{
    /// <summary>The operation that refused.</summary>
    public string Operation { get; } = operation;
}
