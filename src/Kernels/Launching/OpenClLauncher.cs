using System.Reflection.Emit;
using System.Runtime.CompilerServices;
using ILGPU;
using ILGPU.Backends;
using ILGPU.Backends.EntryPoints;
using ILGPU.Backends.IL;
using ILGPU.Backends.OpenCL;
using ILGPU.IR.Types;
using ILGPU.Runtime;
using ILGPU.Runtime.OpenCL;

namespace GpuNets.Kernels;

/// <summary>
/// Launchers that set the arguments of a kernel by ILGPU's own mapping and then go to <see cref="OpenClCommands.Launch"/>. Arguments are set on
/// the kernel object: the caller holds the launch lock.
/// </summary>
internal static class OpenClLauncher
{
    /// <summary>Whether a kernel can be launched so: dynamic local memory is an argument that only ILGPU's launcher sets.</summary>
    public static bool CanLaunch(CLKernel kernel) => !EntryPoint((CompiledKernel)kernel.CompiledKernel).SharedMemory.HasDynamicMemory;

    /// <summary>A launcher for (stream, configuration, arguments of the kernel method ...).</summary>
    public static TDelegate Create<TDelegate>(CLAccelerator accelerator, CLKernel kernel) where TDelegate : Delegate
    {
        var invoke = typeof(TDelegate).GetMethod(nameof(Action.Invoke))!;
        // ILGPU's mapping expects the kernel, the stream and the configuration before the kernel's own arguments.
        Type[] parameters = [typeof(CLKernel), .. invoke.GetParameters().Select(parameter => parameter.ParameterType)];
        var method = new DynamicMethod("Launch", null, parameters, typeof(OpenClLauncher).Module, skipVisibility: true);
        var emitter = new ILEmitter(method.GetILGenerator());
        var local = emitter.DeclareLocal(typeof(CLKernel));
        emitter.Emit(OpCodes.Ldarg_0);
        emitter.Emit(LocalOperation.Store, local);
        var backend = (CLBackend)accelerator.GetBackend();
        backend.ArgumentMapper.Map(emitter, local, TypeContext(accelerator.Context), (SeparateViewEntryPoint)EntryPoint(kernel.CompiledKernel));
        emitter.Emit(OpCodes.Ldarg_0);
        emitter.Emit(OpCodes.Ldarg_1);
        emitter.Emit(OpCodes.Ldarg_2);
        emitter.EmitCall(typeof(OpenClCommands).GetMethod(nameof(OpenClCommands.Launch))!);
        emitter.Emit(OpCodes.Ret);
        emitter.Finish();
        return method.CreateDelegate<TDelegate>(kernel);
    }

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_EntryPoint")]
    private static extern EntryPoint EntryPoint(CompiledKernel kernel);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_TypeContext")]
    private static extern IRTypeContext TypeContext(Context context);
}
