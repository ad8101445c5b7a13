using System.Runtime.CompilerServices;

namespace GpuNets;

public partial class Tensor
{
    /// <summary>
    /// A part of the tensor, as in NumPy: <c>x[0]</c>, <c>x[^1]</c>, <c>x[.., 1..3]</c>. A number drops its axis, a range keeps it; axes
    /// that are not named are whole. A copy, not a view.
    /// </summary>
    /// <param name="index">One number or range for each of the first axes.</param>
    /// <exception cref="ShapeException">There are more indices than axes, or one lies outside its axis.</exception>
    [IndexerName("Part")]   // Item is the value of a tensor with one element
    public Tensor this[params ReadOnlySpan<TensorIndex> index]
    {
        get
        {
            if (index.Length > Shape.Rank) throw new ShapeException("Tensor[]", $"{index.Length} indices given for {Shape}, which has {Shape.Rank} axes.");
            int[] starts = new int[Shape.Rank], sizes = Shape.Dimensions.ToArray();
            var kept = new List<int>(Shape.Rank);
            for (int axis = 0; axis < Shape.Rank; axis++)
            {
                if (axis < index.Length)
                {
                    (starts[axis], sizes[axis]) = index[axis].In(Shape[axis])
                        ?? throw new ShapeException("Tensor[]", $"{index[axis]} does not lie in axis {axis} of {Shape}, which has {Shape[axis]} elements.");
                }
                if (axis >= index.Length || !index[axis].DropsAxis) kept.Add(sizes[axis]);
            }
            var part = SliceOp.Apply(this, starts, sizes, default);
            return kept.Count == Shape.Rank ? part : ReshapeOp.Apply(part, new Shape([.. kept]));
        }
    }
}
