using System.Runtime.CompilerServices;

namespace GpuNets;

/// <summary>Dimensions of a tensor, outermost first; a value type with value equality. The scalar shape <c>[]</c> has one element.</summary>
[CollectionBuilder(typeof(Shape), nameof(Create))]
public readonly struct Shape : IEquatable<Shape>, IEnumerable<int>
{
    private readonly int[]? _dimensions;   // null for default(Shape), which is the scalar shape
    private readonly int _count;

    /// <summary>A shape of the given dimensions, each at least 0.</summary>
    /// <exception cref="ShapeException">A dimension is negative, or the product exceeds 2^31 - 1.</exception>
    public Shape(params ReadOnlySpan<int> dimensions)
    {
        long count = 1;
        foreach (int dimension in dimensions)
        {
            if (dimension < 0) throw new ShapeException("Shape", $"dimension {dimension} of [{string.Join(", ", dimensions.ToArray())}] is negative.");
            count *= dimension;
            if (count > int.MaxValue) throw new ShapeException("Shape", $"[{string.Join(", ", dimensions.ToArray())}] has more than 2^31 - 1 elements.");
        }
        _dimensions = dimensions.ToArray();
        _count = (int)count;
    }

    /// <summary>Number of elements.</summary>
    public int Count => _dimensions is null ? 1 : _count;

    /// <summary>Number of dimensions.</summary>
    public int Rank => _dimensions?.Length ?? 0;

    /// <summary>The dimensions.</summary>
    public ReadOnlySpan<int> Dimensions => _dimensions;

    /// <summary>Dimension at an axis; negative axes count from the end.</summary>
    public int this[int axis] => Dimensions[axis < 0 ? axis + Rank : axis];

    /// <summary>For collection expressions: <c>Shape s = [2, 3];</c>.</summary>
    public static Shape Create(ReadOnlySpan<int> dimensions) => new(dimensions);

    /// <summary>From an array of dimensions.</summary>
    public static implicit operator Shape(int[] dimensions) => new(dimensions);

    /// <summary>From one dimension.</summary>
    public static implicit operator Shape(int dimension) => new(dimension);

    /// <summary>From two dimensions.</summary>
    public static implicit operator Shape((int, int) d) => new(d.Item1, d.Item2);

    /// <summary>From three dimensions.</summary>
    public static implicit operator Shape((int, int, int) d) => new(d.Item1, d.Item2, d.Item3);

    /// <summary>From four dimensions.</summary>
    public static implicit operator Shape((int, int, int, int) d) => new(d.Item1, d.Item2, d.Item3, d.Item4);

    /// <summary>The axis in 0..Rank-1 that a possibly negative <paramref name="axis"/> names.</summary>
    /// <exception cref="ShapeException">There is no such axis.</exception>
    public int Axis(int axis, string operation)
    {
        if (axis < -Rank || axis >= Rank) throw new ShapeException(operation, $"axis {axis} does not exist in {this}.");
        return axis < 0 ? axis + Rank : axis;
    }

    /// <summary>The same shape with one dimension replaced.</summary>
    public Shape With(int axis, int size)
    {
        int[] copy = Dimensions.ToArray();
        copy[axis < 0 ? axis + Rank : axis] = size;
        return new Shape(copy);
    }

    /// <summary>Product of the dimensions from <paramref name="start"/> up to but without <paramref name="end"/>.</summary>
    public int Product(int start, int end)
    {
        int product = 1;
        for (int axis = start; axis < end; axis++) product *= Dimensions[axis];
        return product;
    }

    /// <inheritdoc/>
    public bool Equals(Shape other) => Dimensions.SequenceEqual(other.Dimensions);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Shape other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        int hash = Rank;
        foreach (int dimension in Dimensions) hash = hash * 31 + dimension;
        return hash;
    }

    /// <summary>Value equality.</summary>
    public static bool operator ==(Shape left, Shape right) => left.Equals(right);

    /// <summary>Value inequality.</summary>
    public static bool operator !=(Shape left, Shape right) => !left.Equals(right);

    /// <inheritdoc/>
    public IEnumerator<int> GetEnumerator() => ((IEnumerable<int>)(_dimensions ?? [])).GetEnumerator();

    System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();

    /// <inheritdoc/>
    public override string ToString() => $"[{string.Join(", ", _dimensions ?? [])}]";
}
