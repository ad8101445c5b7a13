using System.Reflection;

namespace GpuNets.Kernels;

/// <summary>A kernel, or a type argument of one, for NVIDIA GPUs of a compute capability or newer: launchers offer it nowhere else.</summary>
[AttributeUsage(AttributeTargets.Struct)]
internal sealed class ComputeCapabilityAttribute(int major, int minor) : Attribute
{
    public int Major => major;
    public int Minor => minor;

    /// <summary>True if newer GPUs do not run it either: it is assembled for the target with the suffix a.</summary>
    public bool IsExact { get; init; }

    /// <summary>Whether the kernel of an entry method is for one compute capability alone.</summary>
    public static bool IsExactFor(MethodInfo entry) =>
        entry.IsGenericMethod && entry.GetGenericArguments()[0].GetCustomAttribute<ComputeCapabilityAttribute>() is { IsExact: true };
}
