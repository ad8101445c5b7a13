using System.Reflection;
using ILGPU.Runtime;

namespace GpuNets.Kernels;

/// <summary>
/// Marks a kernel that does a whole job per group, of which few run at once: NVIDIA's assembler may use all registers that one group leaves.
/// By its own measure it keeps some free for more groups and spills instead (the backward pass of a Neural Turing Machine: 28 bytes at 64
/// registers, none at 71).
/// </summary>
[AttributeUsage(AttributeTargets.Struct)]
internal sealed class LargeKernelAttribute : Attribute
{
    /// <summary>How an entry method is to be compiled for CUDA.</summary>
    public static KernelSpecialization Specialize(MethodInfo method, int maxGroupSize)
    {
        bool isLarge = method.IsGenericMethod && method.GetGenericArguments()[0].IsDefined(typeof(LargeKernelAttribute));
        return new KernelSpecialization(maxGroupSize, isLarge ? 1 : null);
    }
}
