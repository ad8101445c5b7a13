namespace GpuNets;

public partial class Tensor
{
    /// <summary>Every <paramref name="step"/>-th element of an axis from <paramref name="start"/> up to but without <paramref name="end"/>.</summary>
    /// <param name="axis">The axis; negative ones count from the end.</param>
    /// <param name="start">First index; negative ones count from the end.</param>
    /// <param name="end">Index behind the last; negative ones count from the end; null: all the rest.</param>
    /// <param name="step">Distance between two elements, at least 1.</param>
    /// <exception cref="ShapeException">The axis or an index does not exist, the start lies behind the end, or the step is below 1.</exception>
    public Tensor Slice(int axis, int start, int? end = null, int step = 1)
    {
        axis = Shape.Axis(axis, "Slice");
        int length = Shape[axis], first = start < 0 ? start + length : start;
        int last = end is not { } e ? length : e < 0 ? e + length : e;
        if (first < 0 || last > length || first > last)
            throw new ShapeException("Slice", $"{start}..{(end is null ? "" : end)} does not lie in axis {axis} of {Shape}, which has {length} elements.");
        if (step < 1) throw new ShapeException("Slice", $"step {step} of axis {axis} is below 1.");
        int[] starts = new int[Shape.Rank], steps = new int[Shape.Rank];
        Array.Fill(steps, 1);
        starts[axis] = first;
        steps[axis] = step;
        return SliceOp.Apply(this, starts, Shape.With(axis, last == first ? 0 : (last - first - 1) / step + 1).Dimensions, steps);
    }

    /// <summary>One element of an axis, without the axis.</summary>
    /// <param name="axis">The axis; negative ones count from the end.</param>
    /// <param name="index">The index; negative ones count from the end.</param>
    /// <exception cref="ShapeException">The axis or the index does not exist.</exception>
    public Tensor Select(int axis, int index)
    {
        axis = Shape.Axis(axis, "Select");
        int at = index < 0 ? index + Shape[axis] : index;
        if (at < 0 || at >= Shape[axis]) throw new ShapeException("Select", $"index {index} does not exist in axis {axis} of {Shape}.");
        return Slice(axis, at, at + 1).Squeeze(axis);
    }

    /// <summary>Cuts an axis into neighbouring pieces.</summary>
    /// <param name="axis">The axis; negative ones count from the end.</param>
    /// <param name="sizes">Sizes of the pieces, which add up to that of the axis.</param>
    /// <exception cref="ShapeException">The axis does not exist or the sizes do not add up.</exception>
    public Tensor[] Split(int axis, params ReadOnlySpan<int> sizes) => SplitOp.Apply(this, axis, sizes);

    /// <summary>Cuts an axis into <paramref name="count"/> pieces of equal size.</summary>
    /// <exception cref="ShapeException">The axis does not exist or does not divide evenly.</exception>
    public Tensor[] Chunk(int axis, int count)
    {
        axis = Shape.Axis(axis, "Chunk");
        if (count < 1 || Shape[axis] % count != 0)
            throw new ShapeException("Chunk", $"axis {axis} of {Shape} does not divide into {count} equal pieces; use Split for others.");
        int[] sizes = new int[count];
        Array.Fill(sizes, Shape[axis] / count);
        return SplitOp.Apply(this, axis, sizes);
    }

    /// <summary>Cuts an axis into its elements, without the axis: the reverse of <see cref="Stack"/>.</summary>
    /// <exception cref="ShapeException">The axis does not exist.</exception>
    public Tensor[] Unstack(int axis = 0) => SplitOp.Unstack(this, axis);

    /// <summary>Tensors side by side along an axis that they have.</summary>
    /// <param name="axis">The axis; negative ones count from the end.</param>
    /// <param name="tensors">One tensor or more, of equal shapes but for that axis.</param>
    /// <exception cref="ShapeException">The shapes differ elsewhere, or there is no tensor.</exception>
    /// <exception cref="DeviceMismatchException">They live on different devices.</exception>
    public static Tensor Concatenate(int axis, params ReadOnlySpan<Tensor> tensors) => ConcatenateOp.Apply(axis, tensors);

    /// <summary>Tensors of one shape along a new axis.</summary>
    /// <param name="axis">Position of the new axis; -1 makes it the last one.</param>
    /// <param name="tensors">One tensor or more of the same shape.</param>
    /// <exception cref="ShapeException">The shapes differ, or there is no tensor.</exception>
    /// <exception cref="DeviceMismatchException">They live on different devices.</exception>
    public static Tensor Stack(int axis, params ReadOnlySpan<Tensor> tensors) => ConcatenateOp.Stack(axis, tensors);
}
