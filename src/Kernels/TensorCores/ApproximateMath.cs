using ILGPU;
using ILGPU.Backends.PTX;
using ILGPU.IR;
using ILGPU.IR.Intrinsics;

namespace GpuNets.Kernels;

/// <summary>One-instruction functions of NVIDIA GPUs, each good to about 2^-22 relative; elsewhere the exact functions.</summary>
internal static class ApproximateMath
{
    /// <summary>2^x; results below 2^-126 are 0.</summary>
    [IntrinsicImplementation]
    public static float Exp2(float x) => MathF.Pow(2f, x);

    /// <summary>1 / x.</summary>
    [IntrinsicImplementation]
    public static float Reciprocal(float x) => 1f / x;

    /// <summary>1 / sqrt(x).</summary>
    [IntrinsicImplementation]
    public static float ReciprocalSqrt(float x) => 1f / MathF.Sqrt(x);

    private static void PtxExp2(PTXBackend backend, PTXCodeGenerator generator, Value call) => Ptx(generator, call, "ex2");

    private static void PtxReciprocal(PTXBackend backend, PTXCodeGenerator generator, Value call) => Ptx(generator, call, "rcp");

    private static void PtxReciprocalSqrt(PTXBackend backend, PTXCodeGenerator generator, Value call) => Ptx(generator, call, "rsqrt");

    private static void Ptx(PTXCodeGenerator generator, Value call, string function)
    {
        string x = PtxText.Register(generator, call[0]);
        generator.Builder.AppendLine($"\t{function}.approx.ftz.f32 {PtxText.Target(generator, call)}, {x};");
    }

    private static float OpenClExp2(float x) => LaneMath.Exp(new Scalar(0.6931472f * x)).Value;

    private static float OpenClReciprocal(float x) => 1f / x;

    private static float OpenClReciprocalSqrt(float x) => 1f / ILGPU.Algorithms.XMath.Sqrt(x);
}
