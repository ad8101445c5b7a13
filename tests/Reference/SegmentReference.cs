namespace GpuNets.Reference;

/// <summary>Operations on rows that belong to segments, and messages along edges, as plain loops.</summary>
public static class SegmentReference
{
    /// <summary>Rows of a segment in ascending order.</summary>
    public static int[] RowsOf(int[] ids, int segment) => [.. Enumerable.Range(0, ids.Length).Where(row => ids[row] == segment)];

    /// <summary>f of the values that the rows of a segment have in a column, for every segment and column.</summary>
    public static NdArray Reduce(NdArray x, int[] ids, int count, Func<Real[], Real> f)
    {
        int columns = NdArray.Count(x.Shape.AsSpan(1));
        var y = new NdArray([count, .. x.Shape[1..]]);
        for (int s = 0; s < count; s++)
        {
            int[] rows = RowsOf(ids, s);
            for (int c = 0; c < columns; c++) y.Values[s * columns + c] = f([.. rows.Select(row => x.Values[row * columns + c])]);
        }
        return y;
    }

    /// <summary>y[targets[e]] += w[e] x[sources[e]], where w has the leading axes [edges, ...] of the product.</summary>
    public static NdArray Propagate(NdArray x, NdArray? weights, int[] sources, int[] targets, int count)
    {
        int columns = NdArray.Count(x.Shape.AsSpan(1)), width = weights is null ? columns : columns / NdArray.Count(weights.Shape.AsSpan(1));
        var y = new NdArray([count, .. x.Shape[1..]]);
        for (int e = 0; e < sources.Length; e++)
        {
            for (int c = 0; c < columns; c++)
            {
                Real value = x.Values[sources[e] * columns + c];
                if (weights is not null) value = weights.Values[e * (columns / width) + c / width] * value;
                y.Values[targets[e] * columns + c] += value;
            }
        }
        return y;
    }

    /// <summary>e^x / sum over the rows of the segment, column by column.</summary>
    public static NdArray Softmax(NdArray x, int[] ids, int count)
    {
        int columns = NdArray.Count(x.Shape.AsSpan(1));
        var y = new NdArray(x.Shape);
        for (int s = 0; s < count; s++)
        {
            int[] rows = RowsOf(ids, s);
            for (int c = 0; c < columns; c++)
            {
                double max = rows.Select(row => x.Values[row * columns + c].Value).DefaultIfEmpty().Max();
                foreach (int row in rows) y.Values[row * columns + c] = Real.Exp(x.Values[row * columns + c] - max);
                Real sum = ReferenceFunctions.Sum(rows.Select(row => y.Values[row * columns + c]));
                foreach (int row in rows) y.Values[row * columns + c] /= sum;
            }
        }
        return y;
    }
}
