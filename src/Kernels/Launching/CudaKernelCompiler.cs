using System.Reflection;
using System.Runtime.CompilerServices;
using ILGPU.Backends;
using ILGPU.Backends.EntryPoints;
using ILGPU.Backends.PTX;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;

namespace GpuNets.Kernels;

/// <summary>Repairs PTX (see <see cref="PtxRepair"/>), and shows the log of a kernel that the driver refuses.</summary>
internal sealed class CudaKernelCompiler(CudaAccelerator accelerator) : KernelCompiler(accelerator)
{
    protected override KernelSpecialization Specialize(MethodInfo method, int maxGroupSize) => LargeKernelAttribute.Specialize(method, maxGroupSize);

    protected override void Repair(CompiledKernel kernel, MethodInfo method)
    {
        var compiled = (PTXCompiledKernel)kernel;
        var architecture = ((CudaAccelerator)Accelerator).Architecture;
        ref string text = ref Text(compiled);
        text = PtxRepair.Run(text, compiled.Name, architecture.Major, architecture.Minor, ComputeCapabilityAttribute.IsExactFor(method), DeviceEntries.IsGrid(method));
    }

    protected override Kernel Build(CompiledKernel kernel)
    {
        try
        {
            var loaded = Accelerator.LoadKernel(kernel);
            if (EntryPoint(kernel).SharedMemory.HasDynamicMemory) CudaSharedMemory.Allow((CudaAccelerator)Accelerator, (CudaKernel)loaded);
            return loaded;
        }
        catch (CudaException error)
        {
            // ILGPU drops the log; a second try brings it back.
            CudaAPI.CurrentAPI.LoadModule(out _, ((PTXCompiledKernel)kernel).PTXAssembly, out string? log);
            throw new InvalidOperationException($"{error.Error}: {log?.Trim('\0', '\n', ' ')}", error);
        }
    }

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_EntryPoint")]
    private static extern EntryPoint EntryPoint(CompiledKernel kernel);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "<PTXAssembly>k__BackingField")]
    private static extern ref string Text(PTXCompiledKernel kernel);
}
