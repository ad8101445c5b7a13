namespace GpuNets;

/// <content>
/// Reductions. Sums are added in a fixed order, in blocks, so that results repeat and millions of values stay accurate. Axes may be
/// negative; the result drops them, or keeps them with size 1. An axis that does not exist or comes twice throws
/// <see cref="ShapeException"/>.
/// </content>
public partial class Tensor
{
    /// <summary>Sum of all elements, of shape []; 0 if there are none.</summary>
    public Tensor Sum() => Sum(ReduceShape.AllAxes(Shape));

    /// <summary>Sum along one axis.</summary>
    public Tensor Sum(int axis, bool keepDims = false) => Sum([axis], keepDims);

    /// <summary>Sum along some axes; 0 where they are empty.</summary>
    public Tensor Sum(ReadOnlySpan<int> axes, bool keepDims = false) => SumOp.Apply("Sum", this, axes, keepDims, mean: false);

    /// <summary>Mean of all elements, of shape []; NaN if there are none.</summary>
    public Tensor Mean() => Mean(ReduceShape.AllAxes(Shape));

    /// <summary>Mean along one axis.</summary>
    public Tensor Mean(int axis, bool keepDims = false) => Mean([axis], keepDims);

    /// <summary>Mean along some axes; NaN where they are empty.</summary>
    public Tensor Mean(ReadOnlySpan<int> axes, bool keepDims = false) => SumOp.Apply("Mean", this, axes, keepDims, mean: true);

    /// <summary>Maximum of all elements, of shape []; see <see cref="Max(ReadOnlySpan{int}, bool)"/>.</summary>
    public Tensor Max() => Max(ReduceShape.AllAxes(Shape));

    /// <summary>Maximum along one axis; see <see cref="Max(ReadOnlySpan{int}, bool)"/>.</summary>
    public Tensor Max(int axis, bool keepDims = false) => Max([axis], keepDims);

    /// <summary>Maximum along some axes; NaN where there is one. Equal maxima share the gradient equally.</summary>
    /// <exception cref="ShapeException">The axes are empty: there is no maximum of nothing.</exception>
    public Tensor Max(ReadOnlySpan<int> axes, bool keepDims = false) => MaxOp.Apply(this, axes, keepDims);

    /// <summary>ln sum e^x of all elements, of shape []; does not overflow. -infinity if there are none.</summary>
    public Tensor LogSumExp() => LogSumExp(ReduceShape.AllAxes(Shape));

    /// <summary>ln sum e^x along one axis; does not overflow.</summary>
    public Tensor LogSumExp(int axis, bool keepDims = false) => LogSumExp([axis], keepDims);

    /// <summary>ln sum e^x along some axes; does not overflow. -infinity where they are empty.</summary>
    public Tensor LogSumExp(ReadOnlySpan<int> axes, bool keepDims = false) => LogSumExpOp.Apply(this, axes, keepDims);
}
