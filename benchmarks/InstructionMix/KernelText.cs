using System.Reflection;
using GpuNets.Kernels;
using ILGPU;
using ILGPU.Backends.EntryPoints;
using ILGPU.Backends.PTX;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;

namespace GpuNets.InstructionMix;

/// <summary>The PTX that the library would hand to the driver of a GPU.</summary>
internal static class KernelText
{
    /// <summary>Whether a kernel is for one compute capability alone.</summary>
    public static bool IsExact(Type kernel) => kernel.GetCustomAttribute<ComputeCapabilityAttribute>() is { IsExact: true };

    /// <summary>The target that a kernel is assembled for.</summary>
    public static string Target(Type kernel, int major, int minor) => $"sm_{major}{minor}{(IsExact(kernel) ? "a" : "")}";

    /// <summary>The version of PTX of a kernel's text: instructions of one compute capability alone need a newer one.</summary>
    public static CudaInstructionSet InstructionSet(Type kernel) => IsExact(kernel) ? CudaInstructionSet.ISA_84 : CudaInstructionSet.ISA_78;

    /// <summary>Text of a kernel for a compute capability; <paramref name="entry"/> is a method of DeviceEntries.</summary>
    public static string Ptx(Type kernel, string entry, int group, int major, int minor)
    {
        // A context of its own: a kernel that fails to compile spoils the one it is in.
        using var context = Context.Create(builder => DeviceDiscovery.Prepare(builder, optimize: true));
        using var backend = new PTXBackend(context, new CudaArchitecture(major, minor), InstructionSet(kernel), null!);
        var method = typeof(DeviceEntries).GetMethod(entry, BindingFlags.Static | BindingFlags.Public)!.MakeGenericMethod(kernel);
        CodePlacementRepair.Apply(backend, method);
        var compiled = (PTXCompiledKernel)backend.Compile(
            EntryPointDescription.FromExplicitlyGroupedKernel(method), LargeKernelAttribute.Specialize(method, group));
        return PtxRepair.Run(compiled.PTXAssembly, compiled.Name, major, minor, IsExact(kernel), DeviceEntries.IsGrid(method));
    }
}
