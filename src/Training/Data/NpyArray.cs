using System.Buffers.Binary;
using System.Collections.Immutable;

namespace GpuNets.Training;

/// <summary>An array of a NumPy file: row-major values of one type.</summary>
public sealed class NpyArray
{
    private readonly byte[] _bytes;

    internal NpyArray(string file, string name, NpyType type, ImmutableArray<int> shape, byte[] bytes)
    {
        File = file;
        Name = name;
        Type = type;
        Shape = shape;
        _bytes = bytes;
    }

    /// <summary>The file it came from.</summary>
    public string File { get; }

    /// <summary>Its name in the file.</summary>
    public string Name { get; }

    /// <summary>Element type in the file.</summary>
    public NpyType Type { get; }

    /// <summary>Dimensions; empty for a scalar.</summary>
    public ImmutableArray<int> Shape { get; }

    /// <summary>Number of elements.</summary>
    public int Count => _bytes.Length / SizeOf(Type);

    /// <summary>The values as float, rounded to nearest where the type holds more bits.</summary>
    public float[] ToFloats() => Convert(i => (float)Number(i));

    /// <summary>The values as double, exactly but for int64 beyond 2^53.</summary>
    public double[] ToDoubles() => Convert(Number);

    /// <summary>The values as int; for integer types and bool.</summary>
    /// <exception cref="DataFileException">The type is a float type, or a value does not fit.</exception>
    public int[] ToInt32() => Convert(i => Integer(i) is >= int.MinValue and <= int.MaxValue and var value
        ? (int)value
        : throw new DataFileException(File, Name, $"element {i} is {Integer(i)}, which does not fit int32"));

    /// <summary>The values as long; for integer types and bool.</summary>
    /// <exception cref="DataFileException">The type is a float type.</exception>
    public long[] ToInt64() => Convert(Integer);

    /// <inheritdoc/>
    public override string ToString() => $"{Name} {Type} [{string.Join(", ", Shape)}]";

    internal static int SizeOf(NpyType type) => type switch
    {
        NpyType.F8 or NpyType.I8 => 8,
        NpyType.F4 or NpyType.I4 => 4,
        _ => 1,
    };

    private T[] Convert<T>(Func<int, T> element)
    {
        var values = new T[Count];
        for (int i = 0; i < values.Length; i++) values[i] = element(i);
        return values;
    }

    private double Number(int i) => Type switch
    {
        NpyType.F4 => BinaryPrimitives.ReadSingleLittleEndian(_bytes.AsSpan(4 * i)),
        NpyType.F8 => BinaryPrimitives.ReadDoubleLittleEndian(_bytes.AsSpan(8 * i)),
        _ => Integer(i),
    };

    private long Integer(int i) => Type switch
    {
        NpyType.I1 => (sbyte)_bytes[i],
        NpyType.I4 => BinaryPrimitives.ReadInt32LittleEndian(_bytes.AsSpan(4 * i)),
        NpyType.I8 => BinaryPrimitives.ReadInt64LittleEndian(_bytes.AsSpan(8 * i)),
        NpyType.U1 => _bytes[i],
        NpyType.B1 => _bytes[i] != 0 ? 1 : 0,
        _ => throw new DataFileException(File, Name, $"elements of type {Type} are no integers"),
    };
}
