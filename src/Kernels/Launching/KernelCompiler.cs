using System.Reflection;
using ILGPU;
using ILGPU.Backends;
using ILGPU.Backends.EntryPoints;
using ILGPU.Runtime;

namespace GpuNets.Kernels;

/// <summary>Compiles kernel methods for an accelerator; subclasses repair what a backend of ILGPU 1.5.3 gets wrong.</summary>
internal class KernelCompiler(Accelerator accelerator)
{
    protected Accelerator Accelerator { get; } = accelerator;

    public TDelegate Load<TDelegate>(MethodInfo method, int maxGroupSize) where TDelegate : Delegate
    {
        var compiled = Accelerator.GetBackend().Compile(
            EntryPointDescription.FromExplicitlyGroupedKernel(method), new KernelSpecialization(maxGroupSize, null));
        Repair(compiled);
        return Accelerator.LoadKernel(compiled).CreateLauncherDelegate<TDelegate>();
    }

    protected virtual void Repair(CompiledKernel kernel) { }
}
