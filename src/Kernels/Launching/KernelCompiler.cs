using System.Reflection;
using ILGPU;
using ILGPU.Backends;
using ILGPU.Backends.EntryPoints;
using ILGPU.Runtime;

namespace GpuNets.Kernels;

/// <summary>Compiles kernel methods for an accelerator; subclasses repair what a backend of ILGPU 1.5.3 gets wrong.</summary>
internal class KernelCompiler(Accelerator accelerator)
{
    private string? _failed;

    protected Accelerator Accelerator { get; } = accelerator;

    public virtual TDelegate Load<TDelegate>(MethodInfo method, int maxGroupSize) where TDelegate : Delegate
    {
        // A failure leaves ILGPU's context half-built: whatever is compiled next fails with a NullReferenceException.
        if (_failed is not null)
            throw new InvalidOperationException($"{_failed} failed to compile on this device before, after which nothing more can; open the device anew.");
        CompiledKernel compiled;
        try
        {
            CodePlacementRepair.Apply(Accelerator.GetBackend(), method);
            compiled = Accelerator.GetBackend().Compile(
                EntryPointDescription.FromExplicitlyGroupedKernel(method), Specialize(method, maxGroupSize));
        }
        catch (Exception)
        {
            _failed = KernelCache.Describe(method);
            throw;
        }
        Repair(compiled, method);
        return Launcher<TDelegate>(Build(compiled));
    }

    /// <summary>The limits that a kernel is compiled for.</summary>
    protected virtual KernelSpecialization Specialize(MethodInfo method, int maxGroupSize) => new(maxGroupSize, null);

    /// <summary>Changes the generated text before the driver sees it.</summary>
    protected virtual void Repair(CompiledKernel kernel, MethodInfo method) { }

    /// <summary>Hands the text to the driver; the error of a refusal holds the driver's log.</summary>
    protected virtual Kernel Build(CompiledKernel kernel) => Accelerator.LoadKernel(kernel);

    /// <summary>What launches a kernel.</summary>
    protected virtual TDelegate Launcher<TDelegate>(Kernel kernel) where TDelegate : Delegate => kernel.CreateLauncherDelegate<TDelegate>();
}
