using System.Reflection;
using ILGPU;
using ILGPU.Backends.OpenCL;
using ILGPU.Backends.PTX;
using ILGPU.IR;
using ILGPU.IR.Intrinsics;

namespace GpuNets.Kernels;

/// <summary>Instructions that ILGPU 1.5.3 has no function for. Each has a body for the host and a text for the backends.</summary>
internal static class DeviceMath
{
    /// <summary>
    /// a * b + c with one rounding. One instruction where a product and a sum are two (a third of the time of e^x on PoCL), and the same
    /// result as the host's SIMD lanes.
    /// </summary>
    [IntrinsicImplementation]
    public static float MulAdd(float a, float b, float c) => MathF.FusedMultiplyAdd(a, b, c);

    /// <summary>Tells a context how to compile these; needed before its first accelerator.</summary>
    public static Context.Builder EnableDeviceMath(this Context.Builder builder)
    {
        var manager = builder.GetIntrinsicManager();
        var method = typeof(DeviceMath).GetMethod(nameof(MulAdd), BindingFlags.Static | BindingFlags.Public)!;
        manager.RegisterMethod(method, new CLIntrinsic(typeof(DeviceMath), nameof(EmitOpenCl), IntrinsicImplementationMode.GenerateCode));
        manager.RegisterMethod(method, new PTXIntrinsic(typeof(DeviceMath), nameof(EmitPtx), IntrinsicImplementationMode.GenerateCode));
        return builder;
    }

    private static void EmitOpenCl(CLBackend backend, CLCodeGenerator generator, Value call)
    {
        var target = generator.Allocate(call);
        using var statement = generator.BeginStatement(target);
        statement.AppendCommand("fma");
        statement.BeginArguments();
        for (int i = 0; i < 3; i++) statement.AppendArgument(generator.Load(call[i]));
        statement.EndArguments();
    }

    private static void EmitPtx(PTXBackend backend, PTXCodeGenerator generator, Value call)
    {
        string[] operands = [.. Enumerable.Range(0, 3).Select(i => Register(generator, generator.Load(call[i])))];
        generator.Builder.AppendLine($"\tfma.rn.f32 {Register(generator, generator.Allocate(call))}, {string.Join(", ", operands)};");
    }

    private static string Register(PTXCodeGenerator generator, PTXRegisterAllocator.Register register) =>
        "%" + PTXRegisterAllocator.GetStringRepresentation(generator.EnsureHardwareRegister((PTXRegisterAllocator.PrimitiveRegister)register));
}
