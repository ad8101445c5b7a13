using System.Runtime.CompilerServices;
using ILGPU.Backends;
using ILGPU.Backends.OpenCL;
using ILGPU.Runtime;
using ILGPU.Runtime.OpenCL;

namespace GpuNets.Kernels;

/// <summary>Makes the text of a kernel the same in every process, and shows the build log of a kernel that the driver refuses.</summary>
internal sealed class OpenClKernelCompiler(CLAccelerator accelerator) : KernelCompiler(accelerator)
{
    protected override void Repair(CompiledKernel kernel)
    {
        var compiled = (CLCompiledKernel)kernel;
        ref string source = ref Source(compiled);
        source = StableNames.Renumber(source, compiled.Name);
    }

    protected override Kernel Build(CompiledKernel kernel)
    {
        try
        {
            return Accelerator.LoadKernel(kernel);
        }
        catch (CLException error)
        {
            // ILGPU drops the log; a second try brings it back.
            var compiled = (CLCompiledKernel)kernel;
            CLKernel.LoadKernel(
                (CLAccelerator)Accelerator, compiled.Name, compiled.Source, compiled.CVersion, out _, out _, out string? log);
            throw new InvalidOperationException($"{error.Error}: {log?.Trim('\0', '\n', ' ')}", error);
        }
    }

    protected override TDelegate Launcher<TDelegate>(Kernel kernel) => OpenClLauncher.CanLaunch((CLKernel)kernel)
        ? OpenClLauncher.Create<TDelegate>((CLAccelerator)Accelerator, (CLKernel)kernel)
        : base.Launcher<TDelegate>(kernel);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "<Source>k__BackingField")]
    private static extern ref string Source(CLCompiledKernel kernel);
}
