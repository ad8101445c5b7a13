using GpuNets.Kernels;

namespace GpuNets;

/// <summary>Axes of a reduction, checked: the shape of the result and how the input broadcasts against it.</summary>
internal readonly struct ReduceShape
{
    /// <param name="operation">Name for messages.</param>
    /// <param name="shape">Shape of the input.</param>
    /// <param name="axes">Axes to reduce; negative ones count from the end.</param>
    /// <param name="keepDims">Keep reduced axes with size 1.</param>
    /// <exception cref="ShapeException">An axis does not exist or is named twice.</exception>
    public ReduceShape(string operation, Shape shape, ReadOnlySpan<int> axes, bool keepDims)
    {
        Span<bool> reduced = stackalloc bool[shape.Rank];
        foreach (int axis in axes)
        {
            int at = shape.Axis(axis, operation);
            if (reduced[at]) throw new ShapeException(operation, $"axis {axis} of {shape} is named twice.");
            reduced[at] = true;
        }
        Span<int> kept = stackalloc int[shape.Rank], result = stackalloc int[shape.Rank];
        int rank = 0;
        Length = 1;
        for (int axis = 0; axis < shape.Rank; axis++)
        {
            kept[axis] = reduced[axis] ? 1 : shape[axis];
            if (reduced[axis]) Length *= shape[axis];
            if (!reduced[axis] || keepDims) result[rank++] = kept[axis];
        }
        Result = new Shape(result[..rank]);
        Axes = ReduceAxes.Of(shape, reduced);
        // Broadcasting an axis of size 0 against 1 would be legal but means nothing here.
        Plan = new Broadcast(operation, shape, new Shape(kept));
    }

    /// <summary>Shape of the result.</summary>
    public Shape Result { get; }

    /// <summary>Number of values that make one result.</summary>
    public int Length { get; }

    /// <summary>The axes for one run of a reduction, which consumes them.</summary>
    public ReduceAxes Axes { get; }

    /// <summary>The input against the result with its reduced axes kept.</summary>
    public Broadcast Plan { get; }

    /// <summary>All axes of a shape.</summary>
    public static int[] AllAxes(Shape shape) => [.. Enumerable.Range(0, shape.Rank)];
}
