using System.Collections.Immutable;

namespace GpuNets;

/// <summary>What a file says about one tensor: its name, element type, shape and place.</summary>
public sealed class StateEntry
{
    internal StateEntry(string name, SafetensorsType type, ImmutableArray<long> shape, long begin, long end)
    {
        Name = name;
        Type = type;
        Shape = shape;
        Begin = begin;
        End = end;
    }

    /// <summary>The tensor's name, for example <c>hidden.weight</c>.</summary>
    public string Name { get; }

    /// <summary>Element type in the file.</summary>
    public SafetensorsType Type { get; }

    /// <summary>Dimensions; empty for a scalar.</summary>
    public ImmutableArray<long> Shape { get; }

    /// <summary>Number of elements.</summary>
    public long Count => StateTensor.CountOf(Shape.AsSpan());

    /// <summary>Bytes the tensor takes in the file.</summary>
    public long Bytes => End - Begin;

    /// <summary>First byte, counted from the end of the header.</summary>
    internal long Begin { get; }

    /// <summary>One past the last byte, counted from the end of the header.</summary>
    internal long End { get; }

    /// <inheritdoc/>
    public override string ToString() => $"{Name} {Type} {StateTensor.Print(Shape.AsSpan())}";
}
