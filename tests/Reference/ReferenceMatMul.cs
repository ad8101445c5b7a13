namespace GpuNets.Reference;

/// <summary>Batches of matrix products with NumPy broadcasting, index by index in double precision.</summary>
public static class ReferenceMatMul
{
    /// <summary>The shape of the result.</summary>
    public static int[] Shape(int[] a, int[] b, bool transposeA, bool transposeB)
    {
        int rank = Math.Max(a.Length, b.Length);
        var shape = new int[rank];
        for (int i = 1; i <= rank; i++)
        {
            int x = i <= a.Length ? a[^i] : 1, y = i <= b.Length ? b[^i] : 1;
            shape[^i] = i > 2 ? x == 1 ? y : x : i == 2 ? a[transposeA ? ^1 : ^2] : b[transposeB ? ^2 : ^1];
        }
        return shape;
    }

    /// <summary>op(a) op(b) + bias; <paramref name="bias"/> may be null.</summary>
    public static double[] Forward(
        double[] a, int[] shapeA, double[] b, int[] shapeB, bool transposeA, bool transposeB, double[]? bias)
    {
        int[] shape = Shape(shapeA, shapeB, transposeA, transposeB);
        int k = shapeA[transposeA ? ^2 : ^1];
        var result = new double[shape.Aggregate(1, (x, y) => x * y)];
        var index = new int[shape.Length];
        for (int i = 0; i < result.Length; i++)
        {
            int rest = i;
            for (int axis = shape.Length - 1; axis >= 0; axis--) (rest, index[axis]) = (rest / shape[axis], rest % shape[axis]);
            double sum = bias?[index[^1]] ?? 0;
            for (int t = 0; t < k; t++)
                sum += a[Offset(shapeA, index, transposeA ? t : index[^2], transposeA ? index[^2] : t)] *
                       b[Offset(shapeB, index, transposeB ? index[^1] : t, transposeB ? t : index[^1])];
            result[i] = sum;
        }
        return result;
    }

    private static int Offset(int[] shape, int[] index, int row, int column)
    {
        int offset = 0;
        for (int axis = 0; axis < shape.Length - 2; axis++)
        {
            int at = index[index.Length - shape.Length + axis];
            offset = offset * shape[axis] + (shape[axis] == 1 ? 0 : at);
        }
        return (offset * shape[^2] + row) * shape[^1] + column;
    }
}
