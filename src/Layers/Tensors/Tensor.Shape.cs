namespace GpuNets;

public partial class Tensor
{
    /// <summary>The same values in row-major order under other dimensions; shares the memory of this tensor.</summary>
    /// <param name="dimensions">New dimensions; one of them may be -1 and is then found from the others.</param>
    /// <exception cref="ShapeException">The number of elements differs.</exception>
    public Tensor Reshape(params ReadOnlySpan<int> dimensions) => ReshapeOp.Apply(this, ReshapeOp.Resolve(Shape, dimensions));

    /// <summary>Joins the axes from <paramref name="start"/> to <paramref name="end"/> (inclusive) into one.</summary>
    /// <exception cref="ShapeException">There is no such axis, or the first lies behind the last.</exception>
    public Tensor Flatten(int start = 0, int end = -1)
    {
        if (Shape.Rank == 0) return Reshape(1);
        start = Shape.Axis(start, "Flatten");
        end = Shape.Axis(end, "Flatten");
        if (start > end) throw new ShapeException("Flatten", $"axis {start} lies behind axis {end} in {Shape}.");
        return ReshapeOp.Apply(this, new Shape([.. Shape.Dimensions[..start], Shape.Product(start, end + 1), .. Shape.Dimensions[(end + 1)..]]));
    }

    /// <summary>Removes an axis of size 1; shares the memory of this tensor.</summary>
    /// <exception cref="ShapeException">The axis does not exist or has another size.</exception>
    public Tensor Squeeze(int axis)
    {
        axis = Shape.Axis(axis, "Squeeze");
        if (Shape[axis] != 1) throw new ShapeException("Squeeze", $"axis {axis} of {Shape} has size {Shape[axis]}, expected 1.");
        return ReshapeOp.Apply(this, Axes.Remove(Shape, axis));
    }

    /// <summary>Puts an axis of size 1 before <paramref name="axis"/> (-1: behind the last); shares the memory of this tensor.</summary>
    /// <exception cref="ShapeException">The axis is out of range.</exception>
    public Tensor Unsqueeze(int axis) => ReshapeOp.Apply(this, Axes.Insert(Shape, axis, 1, "Unsqueeze", out _));

    /// <summary>Swaps two axes, by default the last two: [.., a, b] becomes [.., b, a].</summary>
    /// <exception cref="ShapeException">There is no such axis.</exception>
    public Tensor Transpose(int first = -2, int second = -1)
    {
        first = Shape.Axis(first, "Transpose");
        second = Shape.Axis(second, "Transpose");
        int[] axes = [.. Enumerable.Range(0, Shape.Rank)];
        (axes[first], axes[second]) = (axes[second], axes[first]);
        return PermuteOp.Apply(this, axes);
    }

    /// <summary>Orders the axes anew: axis k of the result is axis <c>axes[k]</c> of this tensor.</summary>
    /// <param name="axes">Every axis once; negative ones count from the end.</param>
    /// <exception cref="ShapeException">An axis is missing, appears twice or does not exist.</exception>
    public Tensor Permute(params ReadOnlySpan<int> axes) => PermuteOp.Apply(this, axes);

    /// <summary>Surrounds the tensor with a constant.</summary>
    /// <param name="padding">Elements before and after, for every axis.</param>
    /// <param name="value">The constant.</param>
    /// <exception cref="ShapeException">There is not one pair per axis, or a number is negative.</exception>
    public Tensor Pad(ReadOnlySpan<(int Before, int After)> padding, float value = 0f) => PadOp.Apply(this, padding, value);

    /// <summary>Puts a constant before and after the elements of one axis.</summary>
    /// <exception cref="ShapeException">The axis does not exist, or a number is negative.</exception>
    public Tensor Pad(int axis, int before, int after, float value = 0f)
    {
        var padding = new (int, int)[Shape.Rank];
        padding[Shape.Axis(axis, "Pad")] = (before, after);
        return PadOp.Apply(this, padding, value);
    }

    /// <summary>Repeats the tensor along axes of size 1 and along new leading axes until it has a shape, as NumPy broadcasting does.</summary>
    /// <param name="shape">Shape of the result; from the last axis on, each equals that of this tensor, or that one is 1.</param>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    public Tensor BroadcastTo(Shape shape) => BroadcastToOp.Apply(this, shape);

    /// <summary>The tensor <paramref name="times"/> times behind itself along an axis: [1, 2] twice is [1, 2, 1, 2].</summary>
    /// <exception cref="ShapeException">The axis does not exist, or the number is negative.</exception>
    public Tensor Repeat(int axis, int times)
    {
        axis = Shape.Axis(axis, "Repeat");
        if (times < 0) throw new ShapeException("Repeat", $"{times} repetitions of axis {axis} are less than 0.");
        var apart = Axes.Insert(Shape, axis, times, "Repeat", out _);
        return ReshapeOp.Apply(Unsqueeze(axis).BroadcastTo(apart), Shape.With(axis, checked(Shape[axis] * times)));
    }
}
