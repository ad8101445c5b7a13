namespace GpuNets;

/// <summary>
/// What an indexer takes for one axis: a number, which drops the axis, or a range, which keeps it. Negative numbers and
/// <c>^1</c> count from the end.
/// </summary>
public readonly struct TensorIndex : IEquatable<TensorIndex>
{
    private readonly Range _range;

    private TensorIndex(Range range, bool dropsAxis)
    {
        _range = range;
        DropsAxis = dropsAxis;
    }

    /// <summary>True for a number, false for a range.</summary>
    public bool DropsAxis { get; }

    /// <summary>One element.</summary>
    public static implicit operator TensorIndex(int index) => index < 0 ? new Index(-index, fromEnd: true) : new Index(index);

    /// <summary>One element, perhaps from the end.</summary>
    public static implicit operator TensorIndex(Index index) => new(new Range(index, index), dropsAxis: true);

    /// <summary>Neighbouring elements.</summary>
    public static implicit operator TensorIndex(Range range) => new(range, dropsAxis: false);

    /// <summary>First element and number of elements in an axis of some length; no element if it does not fit.</summary>
    internal (int Start, int Size)? In(int length)
    {
        int start = _range.Start.GetOffset(length), end = DropsAxis ? start + 1 : _range.End.GetOffset(length);
        return start < 0 || end > length || start > end ? null : (start, end - start);
    }

    /// <inheritdoc/>
    public bool Equals(TensorIndex other) => _range.Equals(other._range) && DropsAxis == other.DropsAxis;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is TensorIndex other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _range.Start.Value * 31 + _range.End.Value;

    /// <summary>Value equality.</summary>
    public static bool operator ==(TensorIndex left, TensorIndex right) => left.Equals(right);

    /// <summary>Value inequality.</summary>
    public static bool operator !=(TensorIndex left, TensorIndex right) => !left.Equals(right);

    /// <inheritdoc/>
    public override string ToString() => DropsAxis ? _range.Start.ToString() : _range.ToString();
}
