using System.Collections.Immutable;
using System.Numerics;
using System.Runtime.InteropServices;

namespace GpuNets;

/// <summary>A named tensor on the host as a state file holds it: element type, shape, bytes in row-major order.</summary>
public sealed class StateTensor
{
    internal StateTensor(string name, SafetensorsType type, ImmutableArray<long> shape, ReadOnlyMemory<byte> bytes)
    {
        Name = name;
        Type = type;
        Shape = shape;
        Bytes = bytes;
    }

    /// <summary>The tensor's name, for example <c>hidden.weight</c>.</summary>
    public string Name { get; }

    /// <summary>Element type.</summary>
    public SafetensorsType Type { get; }

    /// <summary>Dimensions; empty for a scalar.</summary>
    public ImmutableArray<long> Shape { get; }

    /// <summary>Number of elements.</summary>
    public long Count => CountOf(Shape.AsSpan());

    /// <summary>The elements, little endian.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>A float32 tensor.</summary>
    /// <exception cref="ArgumentException">The name is reserved or the shape does not hold the values.</exception>
    public static StateTensor From(string name, ReadOnlySpan<long> shape, ReadOnlySpan<float> values) =>
        Create(name, SafetensorsType.F32, shape, values);

    /// <summary>An int32 tensor.</summary>
    /// <exception cref="ArgumentException">The name is reserved or the shape does not hold the values.</exception>
    public static StateTensor From(string name, ReadOnlySpan<long> shape, ReadOnlySpan<int> values) =>
        Create(name, SafetensorsType.I32, shape, values);

    /// <summary>An int64 tensor.</summary>
    /// <exception cref="ArgumentException">The name is reserved or the shape does not hold the values.</exception>
    public static StateTensor From(string name, ReadOnlySpan<long> shape, ReadOnlySpan<long> values) =>
        Create(name, SafetensorsType.I64, shape, values);

    /// <summary>A uint64 tensor.</summary>
    /// <exception cref="ArgumentException">The name is reserved or the shape does not hold the values.</exception>
    public static StateTensor From(string name, ReadOnlySpan<long> shape, ReadOnlySpan<ulong> values) =>
        Create(name, SafetensorsType.U64, shape, values);

    /// <summary>The values as float, rounded to nearest where the type holds more bits.</summary>
    /// <exception cref="StateDictException">The type has no conversion (F4, F6, C64).</exception>
    public float[] ToFloats()
    {
        if (!Type.IsConvertible()) throw new StateDictException("state", Name, NoConversion(Type, "float"));
        var values = new float[Count];
        ElementConversion.ToFloats(Type, Bytes.Span, values);
        return values;
    }

    /// <summary>The values as int32; for BOOL and integer types.</summary>
    /// <exception cref="StateDictException">The type is no integer type, or a value does not fit.</exception>
    public int[] ToInt32() => ToIntegers<int>();

    /// <summary>The values as int64; for BOOL and integer types.</summary>
    /// <exception cref="StateDictException">The type is no integer type, or a value does not fit.</exception>
    public long[] ToInt64() => ToIntegers<long>();

    /// <summary>The values as uint64; for BOOL and integer types.</summary>
    /// <exception cref="StateDictException">The type is no integer type, or a value is negative.</exception>
    public ulong[] ToUInt64() => ToIntegers<ulong>();

    /// <inheritdoc/>
    public override string ToString() => $"{Name} {Type} {Print(Shape.AsSpan())}";

    internal static string Print(ReadOnlySpan<long> shape) => $"[{string.Join(", ", shape.ToArray())}]";

    internal static string NoConversion(SafetensorsType type, string target) =>
        $"elements of type {type} cannot be converted to {target}";

    internal static long CountOf(ReadOnlySpan<long> shape)
    {
        long count = 1;
        foreach (long size in shape) count = checked(count * size);
        return count;
    }

    private static StateTensor Create<T>(string name, SafetensorsType type, ReadOnlySpan<long> shape, ReadOnlySpan<T> values)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(name);
        if (name == SafetensorsHeader.MetadataName) throw new ArgumentException($"The name {name} is reserved by the format.", nameof(name));
        foreach (long size in shape)
            if (size < 0) throw new ArgumentException($"{name}: shape {Print(shape)} has a negative size.", nameof(shape));
        if (CountOf(shape) != values.Length)
            throw new ArgumentException(
                $"{name}: shape {Print(shape)} holds {CountOf(shape)} values but {values.Length} came.", nameof(values));
        if (!BitConverter.IsLittleEndian) throw new PlatformNotSupportedException("State is written on little-endian machines only.");
        return new StateTensor(name, type, [.. shape], MemoryMarshal.AsBytes(values).ToArray());
    }

    private T[] ToIntegers<T>() where T : struct, IBinaryInteger<T>
    {
        if (!Type.IsInteger()) throw new StateDictException("state", Name, NoConversion(Type, typeof(T).Name));
        var values = new T[Count];
        for (int i = 0; i < values.Length; i++)
        {
            var value = ElementConversion.ToInteger(Type, Bytes.Span, i);
            try
            {
                values[i] = T.CreateChecked(value);
            }
            catch (OverflowException e)
            {
                throw new StateDictException("state", Name, $"element {i} is {value}, which does not fit {typeof(T).Name}", e);
            }
        }
        return values;
    }
}
