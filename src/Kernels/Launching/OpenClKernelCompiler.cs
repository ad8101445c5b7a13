using System.Reflection;
using System.Runtime.CompilerServices;
using ILGPU;
using ILGPU.Backends;
using ILGPU.Backends.OpenCL;
using ILGPU.Runtime;
using ILGPU.Runtime.OpenCL;

namespace GpuNets.Kernels;

/// <summary>Makes the text of a kernel the same in every process, and shows the build log of a kernel that the driver refuses.</summary>
internal sealed class OpenClKernelCompiler(CLAccelerator accelerator) : KernelCompiler(accelerator)
{
    // PoCL keeps built programs in files; two builds of the same text at the same time can fail there with an empty log.
    private static readonly Lock s_driver = new();

    /// <summary>Opens a device. ILGPU builds a small program for that, to learn what the driver can do.</summary>
    public static CLAccelerator Open(CLDevice device, Context context)
    {
        lock (s_driver)
        {
            try
            {
                return device.CreateCLAccelerator(context);
            }
            catch (CLException)
            {
                // Another process may have had its hand in the driver's cache of programs; a device that is ill fails again.
                return device.CreateCLAccelerator(context);
            }
        }
    }

    protected override void Repair(CompiledKernel kernel, MethodInfo method)
    {
        var compiled = (CLCompiledKernel)kernel;
        ref string source = ref Source(compiled);
        source = StableNames.Renumber(source, compiled.Name);
    }

    protected override Kernel Build(CompiledKernel kernel)
    {
        lock (s_driver)
        {
            try
            {
                return Accelerator.LoadKernel(kernel);
            }
            catch (CLException error)
            {
                if (Log((CLCompiledKernel)kernel) is { } log) throw new InvalidOperationException($"{error.Error}: {log}", error);
                // The driver takes the text after all: another process had its hand in the driver's cache of programs.
                return Accelerator.LoadKernel(kernel);
            }
        }
    }

    // The log of a refusal, which ILGPU drops, by a second try; null where that succeeds.
    private string? Log(CLCompiledKernel kernel)
    {
        var status = CLKernel.LoadKernel(
            (CLAccelerator)Accelerator, kernel.Name, kernel.Source, kernel.CVersion, out nint program, out nint loaded, out string? log);
        if (status != CLError.CL_SUCCESS) return log?.Trim('\0', '\n', ' ') ?? "no log";
        _ = CLAPI.CurrentAPI.ReleaseKernel(loaded);
        _ = CLAPI.CurrentAPI.ReleaseProgram(program);
        return null;
    }

    protected override TDelegate Launcher<TDelegate>(Kernel kernel) => OpenClLauncher.CanLaunch((CLKernel)kernel)
        ? OpenClLauncher.Create<TDelegate>((CLAccelerator)Accelerator, (CLKernel)kernel)
        : base.Launcher<TDelegate>(kernel);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "<Source>k__BackingField")]
    private static extern ref string Source(CLCompiledKernel kernel);
}
