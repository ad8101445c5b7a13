using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace GpuNets;

/// <summary>Turns the little-endian bytes of a tensor into numbers.</summary>
internal static class ElementConversion
{
    /// <summary>Converts to float, rounding to nearest where the type holds more bits.</summary>
    public static void ToFloats(SafetensorsType type, ReadOnlySpan<byte> from, Span<float> to)
    {
        switch (type)
        {
            case SafetensorsType.F32 when BitConverter.IsLittleEndian:
                MemoryMarshal.Cast<byte, float>(from)[..to.Length].CopyTo(to);
                break;
            case SafetensorsType.F32:
                for (int i = 0; i < to.Length; i++) to[i] = BinaryPrimitives.ReadSingleLittleEndian(from[(4 * i)..]);
                break;
            case SafetensorsType.F64:
                for (int i = 0; i < to.Length; i++) to[i] = (float)BinaryPrimitives.ReadDoubleLittleEndian(from[(8 * i)..]);
                break;
            case SafetensorsType.F16:
                for (int i = 0; i < to.Length; i++) to[i] = (float)BinaryPrimitives.ReadHalfLittleEndian(from[(2 * i)..]);
                break;
            case SafetensorsType.BF16:
                for (int i = 0; i < to.Length; i++)
                    to[i] = BitConverter.Int32BitsToSingle(BinaryPrimitives.ReadInt16LittleEndian(from[(2 * i)..]) << 16);
                break;
            case SafetensorsType.I64:
                for (int i = 0; i < to.Length; i++) to[i] = BinaryPrimitives.ReadInt64LittleEndian(from[(8 * i)..]);
                break;
            case SafetensorsType.U64:
                for (int i = 0; i < to.Length; i++) to[i] = BinaryPrimitives.ReadUInt64LittleEndian(from[(8 * i)..]);
                break;
            case SafetensorsType.F8_E5M2: Look(Float8.E5M2, from, to); break;
            case SafetensorsType.F8_E4M3: Look(Float8.E4M3, from, to); break;
            case SafetensorsType.F8_E8M0: Look(Float8.E8M0, from, to); break;
            case SafetensorsType.F8_E4M3FNUZ: Look(Float8.E4M3Fnuz, from, to); break;
            case SafetensorsType.F8_E5M2FNUZ: Look(Float8.E5M2Fnuz, from, to); break;
            default:
                for (int i = 0; i < to.Length; i++) to[i] = (float)ToInteger(type, from, i);
                break;
        }
    }

    /// <summary>Element i of an integer type, exactly.</summary>
    public static Int128 ToInteger(SafetensorsType type, ReadOnlySpan<byte> from, int i) => type switch
    {
        SafetensorsType.BOOL => from[i] != 0 ? 1 : 0,
        SafetensorsType.U8 => from[i],
        SafetensorsType.I8 => (sbyte)from[i],
        SafetensorsType.U16 => BinaryPrimitives.ReadUInt16LittleEndian(from[(2 * i)..]),
        SafetensorsType.I16 => BinaryPrimitives.ReadInt16LittleEndian(from[(2 * i)..]),
        SafetensorsType.U32 => BinaryPrimitives.ReadUInt32LittleEndian(from[(4 * i)..]),
        SafetensorsType.I32 => BinaryPrimitives.ReadInt32LittleEndian(from[(4 * i)..]),
        SafetensorsType.I64 => BinaryPrimitives.ReadInt64LittleEndian(from[(8 * i)..]),
        SafetensorsType.U64 => BinaryPrimitives.ReadUInt64LittleEndian(from[(8 * i)..]),
        _ => throw new InvalidOperationException($"{type} is no integer type."),
    };

    private static void Look(float[] table, ReadOnlySpan<byte> from, Span<float> to)
    {
        for (int i = 0; i < to.Length; i++) to[i] = table[from[i]];
    }
}
