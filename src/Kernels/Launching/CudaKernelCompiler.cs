using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ILGPU.Backends;
using ILGPU.Backends.PTX;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;

namespace GpuNets.Kernels;

/// <summary>Repairs PTX (see <see cref="PtxRepair"/>), and shows the log of a kernel that the driver refuses.</summary>
internal sealed partial class CudaKernelCompiler(CudaAccelerator accelerator) : KernelCompiler(accelerator)
{
    protected override KernelSpecialization Specialize(MethodInfo method, int maxGroupSize) => LargeKernelAttribute.Specialize(method, maxGroupSize);

    protected override void Repair(CompiledKernel kernel, MethodInfo method)
    {
        var compiled = (PTXCompiledKernel)kernel;
        var architecture = ((CudaAccelerator)Accelerator).Architecture;
        ref string text = ref Text(compiled);
        text = PtxRepair.Run(text, compiled.Name, architecture.Major, architecture.Minor, ComputeCapabilityAttribute.IsExactFor(method));
    }

    protected override Kernel Build(CompiledKernel kernel, MethodInfo method)
    {
        try
        {
            var loaded = (CudaKernel)Accelerator.LoadKernel(kernel);
            if (Dynamic(method) is { } bytes) CudaException.ThrowIfFailed(SetAttribute(loaded.FunctionPtr, MaxDynamicSharedSize, bytes));
            return loaded;
        }
        catch (CudaException error)
        {
            // ILGPU drops the log; a second try brings it back.
            CudaAPI.CurrentAPI.LoadModule(out _, ((PTXCompiledKernel)kernel).PTXAssembly, out string? log);
            throw new InvalidOperationException($"{error.Error}: {log?.Trim('\0', '\n', ' ')}", error);
        }
    }

    private static int? Dynamic(MethodInfo method) =>
        method.IsGenericMethod ? method.GetGenericArguments()[0].GetCustomAttribute<DynamicMemoryAttribute>()?.Bytes : null;

    // CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES: without it a launch with more than 48 KB is refused.
    private const int MaxDynamicSharedSize = 8;

    [LibraryImport(NativeLibraries.Cuda, EntryPoint = "cuFuncSetAttribute")]
    private static partial CudaError SetAttribute(nint function, int attribute, int value);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "<PTXAssembly>k__BackingField")]
    private static extern ref string Text(PTXCompiledKernel kernel);
}
