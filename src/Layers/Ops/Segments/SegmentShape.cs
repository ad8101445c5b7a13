using GpuNets.Kernels;

namespace GpuNets;

/// <summary>Checks of operands of segment operations.</summary>
internal static class SegmentShape
{
    /// <summary>Columns of x [rows, ...]: the product of all axes but the first.</summary>
    public static int Columns(string operation, Tensor x, int rows, string what)
    {
        if (x.Shape.Rank == 0 || x.Shape[0] != rows) throw new ShapeException(operation, $"x {x.Shape} must have {rows} rows on axis 0, one per {what}.");
        return x.Shape.Product(1, x.Shape.Rank);
    }

    /// <summary>The shape with another number of rows.</summary>
    public static Shape Rows(Shape shape, int rows) => shape.With(0, rows);

    /// <summary>
    /// Weights [edges, leading axes of x after the first]: one number for the axes that are left, or one for every element if none is.
    /// </summary>
    public static EdgeWeight Weight(string operation, Tensor x, Tensor? weights, int edges)
    {
        if (weights is null) return EdgeWeight.None;
        Op.CheckDevice(operation, x.Device, weights.Device);
        ReadOnlySpan<int> shape = x.Shape.Dimensions, own = weights.Shape.Dimensions;
        if (own.Length == 0 || own[0] != edges || own.Length > shape.Length || !own[1..].SequenceEqual(shape[1..own.Length]))
        {
            throw new ShapeException(operation,
                $"weights {weights.Shape} must be [{edges}], one per edge, or go on with the axes of x {x.Shape} after the first.");
        }
        int groups = weights.Shape.Product(1, own.Length), columns = x.Shape.Product(1, shape.Length);
        bool perColumn = groups == columns;
        return new EdgeWeight(weights.Buffer, perColumn ? 1 : groups, perColumn);
    }
}
