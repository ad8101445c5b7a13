using System.Collections.Frozen;

namespace GpuNets;

/// <summary>Sizes and names of the element types.</summary>
internal static class SafetensorsTypes
{
    private static readonly FrozenDictionary<string, SafetensorsType> _byName =
        Enum.GetValues<SafetensorsType>().ToFrozenDictionary(t => t.ToString());

    /// <summary>Finds a type by its exact name in a header.</summary>
    public static bool TryParse(string name, out SafetensorsType type) => _byName.TryGetValue(name, out type);

    /// <summary>Bits of one element.</summary>
    public static int Bits(this SafetensorsType type) => type switch
    {
        SafetensorsType.F4 => 4,
        SafetensorsType.F6_E2M3 or SafetensorsType.F6_E3M2 => 6,
        SafetensorsType.I16 or SafetensorsType.U16 or SafetensorsType.F16 or SafetensorsType.BF16 => 16,
        SafetensorsType.I32 or SafetensorsType.U32 or SafetensorsType.F32 => 32,
        SafetensorsType.I64 or SafetensorsType.U64 or SafetensorsType.F64 or SafetensorsType.C64 => 64,
        _ => 8,
    };

    /// <summary>True for BOOL and the integers, whose values convert to integers exactly.</summary>
    public static bool IsInteger(this SafetensorsType type) => type
        is SafetensorsType.BOOL or SafetensorsType.U8 or SafetensorsType.I8 or SafetensorsType.U16 or SafetensorsType.I16
        or SafetensorsType.U32 or SafetensorsType.I32 or SafetensorsType.U64 or SafetensorsType.I64;

    /// <summary>True for the types with a single real value of whole bytes.</summary>
    public static bool IsConvertible(this SafetensorsType type) => type
        is not (SafetensorsType.F4 or SafetensorsType.F6_E2M3 or SafetensorsType.F6_E3M2 or SafetensorsType.C64);
}
