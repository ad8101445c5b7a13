namespace GpuNets.Kernels;

/// <summary>Axes of a tensor with whether they are reduced, outermost first; axes of size 1 are left out and neighbours merged.</summary>
internal sealed class ReduceAxes
{
    private readonly List<(int Size, bool Reduced)> _axes = [];

    /// <summary>Number of values that make one result.</summary>
    public int Length => Product(reduced: true);

    /// <summary>Number of results.</summary>
    public int Results => Product(reduced: false);

    /// <summary>The axes of a shape.</summary>
    public static ReduceAxes Of(Shape shape, ReadOnlySpan<bool> reduced)
    {
        var axes = new ReduceAxes();
        for (int axis = 0; axis < shape.Rank; axis++) axes.Add(shape[axis], reduced[axis]);
        return axes;
    }

    public void Add(int size, bool reduced)
    {
        if (size == 1) return;
        if (_axes.Count > 0 && _axes[^1].Reduced == reduced) _axes[^1] = (_axes[^1].Size * size, reduced);
        else _axes.Add((size, reduced));
    }

    /// <summary>
    /// Takes the last reduced axis out: the tensor is [outer, length, inner], the result [outer, inner]. False if none is left.
    /// </summary>
    public bool TakeLast(out int outer, out int length, out int inner)
    {
        outer = inner = length = 1;
        int at = _axes.FindLastIndex(axis => axis.Reduced);
        if (at < 0) return false;
        length = _axes[at].Size;
        for (int i = 0; i < at; i++) outer *= _axes[i].Size;
        for (int i = at + 1; i < _axes.Count; i++) inner *= _axes[i].Size;
        _axes.RemoveAt(at);
        if (at > 0 && at < _axes.Count)
        {
            var (size, reduced) = _axes[at];
            _axes.RemoveAt(at);
            _axes[at - 1] = (_axes[at - 1].Size * size, reduced);
        }
        return true;
    }

    /// <summary>True if each result is made of neighbouring values: rows of a matrix.</summary>
    public bool IsRows(out int rows, out int columns)
    {
        rows = Results;
        columns = Length;
        return _axes.Count < 2 || (_axes.Count == 2 && _axes[1].Reduced);
    }

    private int Product(bool reduced)
    {
        int product = 1;
        foreach (var axis in _axes)
            if (axis.Reduced == reduced) product *= axis.Size;
        return product;
    }
}
