using System.Diagnostics.CodeAnalysis;

namespace GpuNets;

/// <summary>
/// The numbers that matrix products multiply, on devices with tensor cores (NVIDIA, compute capability 8.0 and newer). Sums are float32 in
/// every case, and so is all that is stored: parameters, moments, activations. Devices without tensor cores compute in float32, and so does
/// attention in Tf32, and in BFloat16 with heads of more than 128 features or fewer than 16 queries.
/// </summary>
public enum Precision
{
    /// <summary>Float32 throughout: 24 bits of mantissa.</summary>
    [SuppressMessage("Naming", "CA1720:Identifier contains type name", Justification = "It is the name of the format.")]
    Float32,

    /// <summary>Operands rounded to 11 bits of mantissa, with the range of float32: an error of at most 2^-11 each.</summary>
    Tf32,

    /// <summary>Operands rounded to 8 bits of mantissa, with the range of float32 (no loss scaling needed): an error of at most 2^-8 each.</summary>
    BFloat16,
}
