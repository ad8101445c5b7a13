using ILGPU;
using ILGPU.Backends.PTX;
using ILGPU.IR;
using ILGPU.IR.Intrinsics;

namespace GpuNets.Kernels;

/// <summary>Rounds floats to the formats that tensor cores multiply.</summary>
internal static class Rounding
{
    /// <summary>
    /// The nearest number with 10 bits of mantissa, ties away from zero, in the bits of a float. Infinities and NaN stay what they are.
    /// Tensor cores alone would cut the bits off: twice the error, and always towards zero.
    /// </summary>
    [IntrinsicImplementation]
    public static uint Tf32(float value)
    {
        uint bits = BitConverter.SingleToUInt32Bits(value);
        return float.IsFinite(value) ? (bits + 0x1000u) & 0xFFFFE000u : bits;
    }

    /// <summary>Two bfloat16 in one register, rounded to nearest even; <paramref name="low"/> comes first in memory.</summary>
    [IntrinsicImplementation]
    public static uint BFloat16Pair(float low, float high) => BFloat16(low) | BFloat16(high) << 16;

    private static uint BFloat16(float value)
    {
        uint bits = BitConverter.SingleToUInt32Bits(value);
        return float.IsNaN(value) ? 0x7FFFu : (bits + 0x7FFFu + (bits >> 16 & 1u)) >> 16;
    }

    private static void PtxTf32(PTXBackend backend, PTXCodeGenerator generator, Value call)
    {
        string value = PtxText.Register(generator, call[0]);
        generator.Builder.AppendLine($"\tcvt.rna.tf32.f32 {PtxText.Target(generator, call)}, {value};");
    }

    private static void PtxBFloat16Pair(PTXBackend backend, PTXCodeGenerator generator, Value call)
    {
        string low = PtxText.Register(generator, call[0]), high = PtxText.Register(generator, call[1]);
        generator.Builder.AppendLine($"\tcvt.rn.bf16x2.f32 {PtxText.Target(generator, call)}, {high}, {low};");
    }
}
