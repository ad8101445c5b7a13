namespace GpuNets;

/// <summary>Shapes with axes put in or taken out.</summary>
internal static class Axes
{
    /// <summary>The shape without an axis.</summary>
    public static Shape Remove(Shape shape, int axis) => new([.. shape.Dimensions[..axis], .. shape.Dimensions[(axis + 1)..]]);

    /// <summary>The shape with a new axis before <paramref name="axis"/>; -1 makes it the last one.</summary>
    public static Shape Insert(Shape shape, int axis, int size, string operation, out int position)
    {
        if (axis < -shape.Rank - 1 || axis > shape.Rank)
            throw new ShapeException(operation, $"a new axis at {axis} does not fit {shape}; expected {-shape.Rank - 1} to {shape.Rank}.");
        position = axis < 0 ? axis + shape.Rank + 1 : axis;
        return new Shape([.. shape.Dimensions[..position], size, .. shape.Dimensions[position..]]);
    }
}
