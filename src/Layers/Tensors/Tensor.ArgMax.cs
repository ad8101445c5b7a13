using GpuNets.Kernels;

namespace GpuNets;

/// <content>Indices of largest values.</content>
public partial class Tensor
{
    /// <summary>
    /// The index of the largest value along an axis: the first one of equal values, and the first NaN if there is one, as PyTorch has it. Has no
    /// gradient. <c>scores.ArgMax(1)</c> makes label maps [N, H, W] of scores [N, C, H, W].
    /// </summary>
    /// <param name="axis">The axis; negative ones count from the end.</param>
    /// <param name="keepDims">Keep the axis with size 1.</param>
    /// <exception cref="ShapeException">The axis does not exist, is empty while others are not, or is longer than 2^24.</exception>
    public IndexTensor ArgMax(int axis = -1, bool keepDims = false)
    {
        axis = Shape.Axis(axis, "ArgMax");
        int count = Shape[axis], outer = Shape.Product(0, axis), inner = Shape.Product(axis + 1, Shape.Rank);
        if (count == 0 && outer > 0 && inner > 0) throw new ShapeException("ArgMax", $"axis {axis} of {Shape} is empty: there is no largest value.");
        if (count > Kernels.ArgMax.MostColumns) throw new ShapeException("ArgMax", $"axis {axis} of {Shape} is longer than {Kernels.ArgMax.MostColumns}.");
        Shape shape = keepDims ? Shape.With(axis, 1) : Axes.Remove(Shape, axis);
        var indices = new IndexTensor(shape, Device.AllocateTemporary(shape.Count, "indices of ArgMax"), 0, shape.Count == 0 ? -1 : count - 1);
        Kernels.ArgMax.Launch(Buffer, indices.Buffer, outer, count, inner);
        return indices;
    }
}
