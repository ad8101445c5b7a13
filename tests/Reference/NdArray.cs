namespace GpuNets.Reference;

/// <summary>A row-major array of reference numbers with its dimensions. Plain loops; made to be obviously right, not fast.</summary>
public sealed class NdArray
{
    public NdArray(int[] shape, Real[]? values = null)
    {
        Shape = shape;
        Values = values ?? new Real[Count(shape)];
        if (Values.Length != Count(shape)) throw new ArgumentException($"{Values.Length} values for [{string.Join(", ", shape)}].");
    }

    public int[] Shape { get; }

    public Real[] Values { get; }

    public int Length => Values.Length;

    public int Rank => Shape.Length;

    public ref Real this[int index] => ref Values[index];

    public ref Real this[params ReadOnlySpan<int> index] => ref Values[Offset(index)];

    /// <summary>Product of all dimensions.</summary>
    public static int Count(ReadOnlySpan<int> shape)
    {
        int count = 1;
        foreach (int size in shape) count *= size;
        return count;
    }

    /// <summary>A zero-dimensional array.</summary>
    public static NdArray Of(Real value) => new([], [value]);

    /// <summary>f of every element.</summary>
    public NdArray Map(Func<Real, Real> f) => new(Shape, Array.ConvertAll(Values, x => f(x)));

    /// <summary>The same values under another shape.</summary>
    public NdArray Reshape(params int[] shape) => new(shape, Values);

    /// <summary>All index tuples of a shape in row-major order. The array is reused: copy it to keep it.</summary>
    public static IEnumerable<int[]> Indices(int[] shape)
    {
        int[] index = new int[shape.Length];
        for (int n = Count(shape); n > 0; n--)
        {
            yield return index;
            for (int axis = shape.Length - 1; axis >= 0 && ++index[axis] == shape[axis]; axis--) index[axis] = 0;
        }
    }

    /// <summary>f over two arrays with NumPy broadcasting.</summary>
    public static NdArray Broadcast(NdArray a, NdArray b, Func<Real, Real, Real> f)
    {
        int rank = Math.Max(a.Rank, b.Rank);
        int[] shape = new int[rank];
        for (int i = 1; i <= rank; i++)
        {
            int sizeA = i <= a.Rank ? a.Shape[^i] : 1, sizeB = i <= b.Rank ? b.Shape[^i] : 1;
            if (sizeA != sizeB && sizeA != 1 && sizeB != 1) throw new ArgumentException("Shapes do not broadcast.");
            shape[^i] = sizeA == 1 ? sizeB : sizeA;
        }
        var result = new NdArray(shape);
        int at = 0;
        foreach (int[] index in Indices(shape)) result.Values[at++] = f(a.Stretched(index), b.Stretched(index));
        return result;
    }

    /// <summary>f of every slice along some axes: the elements of a slice come in row-major order.</summary>
    /// <param name="axes">Axes to reduce, not negative.</param>
    /// <param name="keepDims">Keep the reduced axes with size 1.</param>
    /// <param name="f">The reduction of one slice.</param>
    public NdArray Reduce(int[] axes, bool keepDims, Func<Real[], Real> f)
    {
        int[] kept = [.. Shape.Select((size, axis) => axes.Contains(axis) ? 1 : size)];
        int[] slice = [.. Shape.Select((size, axis) => axes.Contains(axis) ? size : 1)];
        var result = new NdArray(kept);
        int at = 0;
        foreach (int[] outer in Indices(kept))
        {
            var values = new List<Real>();
            foreach (int[] inner in Indices(slice)) values.Add(this[[.. outer.Zip(inner, (o, i) => o + i)]]);
            result.Values[at++] = f([.. values]);
        }
        return keepDims ? result : result.Reshape([.. Shape.Where((_, axis) => !axes.Contains(axis))]);
    }

    private Real Stretched(int[] index)
    {
        int offset = 0, skip = index.Length - Rank;
        for (int axis = 0; axis < Rank; axis++) offset = offset * Shape[axis] + (Shape[axis] == 1 ? 0 : index[axis + skip]);
        return Values[offset];
    }

    private int Offset(ReadOnlySpan<int> index)
    {
        int offset = 0;
        for (int axis = 0; axis < Rank; axis++) offset = offset * Shape[axis] + index[axis];
        return offset;
    }
}
