using System.Diagnostics.CodeAnalysis;

namespace GpuNets;

/// <summary>Element types of the safetensors format. The names are those of the file header.</summary>
[SuppressMessage("Naming", "CA1707", Justification = "Spelt as in the files.")]
public enum SafetensorsType
{
    /// <summary>One byte, 0 or 1.</summary>
    BOOL,

    /// <summary>4-bit float (OCP microscaling E2M1), two to a byte; listed, not converted.</summary>
    F4,

    /// <summary>6-bit float with 2 exponent bits; listed, not converted.</summary>
    F6_E2M3,

    /// <summary>6-bit float with 3 exponent bits; listed, not converted.</summary>
    F6_E3M2,

    /// <summary>Unsigned byte.</summary>
    U8,

    /// <summary>Signed byte.</summary>
    I8,

    /// <summary>8-bit float, 5 exponent bits, with infinities.</summary>
    F8_E5M2,

    /// <summary>8-bit float, 4 exponent bits, no infinities.</summary>
    F8_E4M3,

    /// <summary>8-bit power of two, exponent bias 127.</summary>
    F8_E8M0,

    /// <summary>8-bit float, 4 exponent bits, bias 8, no infinities and no negative zero.</summary>
    F8_E4M3FNUZ,

    /// <summary>8-bit float, 5 exponent bits, bias 16, no infinities and no negative zero.</summary>
    F8_E5M2FNUZ,

    /// <summary>Signed 16-bit integer.</summary>
    I16,

    /// <summary>Unsigned 16-bit integer.</summary>
    U16,

    /// <summary>IEEE half precision.</summary>
    F16,

    /// <summary>The upper half of a single-precision float.</summary>
    BF16,

    /// <summary>Signed 32-bit integer.</summary>
    I32,

    /// <summary>Unsigned 32-bit integer.</summary>
    U32,

    /// <summary>IEEE single precision.</summary>
    F32,

    /// <summary>Complex number of two single-precision floats; listed, not converted.</summary>
    C64,

    /// <summary>IEEE double precision.</summary>
    F64,

    /// <summary>Signed 64-bit integer.</summary>
    I64,

    /// <summary>Unsigned 64-bit integer.</summary>
    U64,
}
