using System.Reflection;
using System.Runtime.CompilerServices;
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
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float MulAdd(float a, float b, float c) => MathF.FusedMultiplyAdd(a, b, c);

    /// <summary>
    /// a &gt; b ? yes : no, false for NaN. Written with operators, ILGPU turns it around when a is a constant and takes NaN for true
    /// (<c>setp.ltu</c> in PTX): e^NaN would be 0 on CUDA.
    /// </summary>
    [IntrinsicImplementation]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float IfGreater(float a, float b, float yes, float no) => a > b ? yes : no;

    /// <summary>a == b ? yes : no, false for NaN.</summary>
    [IntrinsicImplementation]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float IfEqual(float a, float b, float yes, float no) => a == b ? yes : no;

    /// <summary>Tells a context how to compile these; needed before its first accelerator.</summary>
    public static Context.Builder EnableDeviceMath(this Context.Builder builder)
    {
        var manager = builder.GetIntrinsicManager();
        Register(manager, nameof(MulAdd));
        Register(manager, nameof(IfGreater));
        Register(manager, nameof(IfEqual));
        return builder;
    }

    // The texts of a function are emitted by the methods named like it: OpenClMulAdd, PtxMulAdd.
    private static void Register(IntrinsicImplementationManager manager, string name)
    {
        var method = typeof(DeviceMath).GetMethod(name, BindingFlags.Static | BindingFlags.Public)!;
        manager.RegisterMethod(method, new CLIntrinsic(typeof(DeviceMath), $"OpenCl{name}", IntrinsicImplementationMode.GenerateCode));
        manager.RegisterMethod(method, new PTXIntrinsic(typeof(DeviceMath), $"Ptx{name}", IntrinsicImplementationMode.GenerateCode));
    }

    private static void OpenClMulAdd(CLBackend backend, CLCodeGenerator generator, Value call)
    {
        var target = generator.Allocate(call);
        using var statement = generator.BeginStatement(target);
        statement.AppendCommand("fma");
        statement.BeginArguments();
        for (int i = 0; i < 3; i++) statement.AppendArgument(generator.Load(call[i]));
        statement.EndArguments();
    }

    private static void OpenClIfGreater(CLBackend backend, CLCodeGenerator generator, Value call) => OpenClSelect(generator, call, ">");

    private static void OpenClIfEqual(CLBackend backend, CLCodeGenerator generator, Value call) => OpenClSelect(generator, call, "==");

    private static void OpenClSelect(CLCodeGenerator generator, Value call, string comparison)
    {
        var target = generator.Allocate(call);
        using var statement = generator.BeginStatement(target);
        string[] between = [comparison, "?", ":"];
        for (int i = 0; i < 4; i++)
        {
            if (i > 0) statement.AppendCommand(between[i - 1]);
            statement.Append(generator.Load(call[i]));
        }
    }

    private static void PtxMulAdd(PTXBackend backend, PTXCodeGenerator generator, Value call)
    {
        string[] operands = Operands(generator, call, 3);
        generator.Builder.AppendLine($"\tfma.rn.f32 {PtxText.Target(generator, call)}, {string.Join(", ", operands)};");
    }

    private static void PtxIfGreater(PTXBackend backend, PTXCodeGenerator generator, Value call) => PtxSelect(generator, call, "gt");

    private static void PtxIfEqual(PTXBackend backend, PTXCodeGenerator generator, Value call) => PtxSelect(generator, call, "eq");

    private static void PtxSelect(PTXCodeGenerator generator, Value call, string comparison)
    {
        string[] operands = Operands(generator, call, 4);
        string target = PtxText.Target(generator, call);
        generator.Builder.AppendLine(
            $"\t{{ .reg .pred %select; setp.{comparison}.f32 %select, {operands[0]}, {operands[1]}; "
            + $"selp.f32 {target}, {operands[2]}, {operands[3]}, %select; }}");
    }

    private static string[] Operands(PTXCodeGenerator generator, Value call, int count) =>
        [.. Enumerable.Range(0, count).Select(i => PtxText.Register(generator, call[i]))];
}
