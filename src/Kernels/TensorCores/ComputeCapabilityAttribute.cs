namespace GpuNets.Kernels;

/// <summary>A kernel, or a type argument of one, for NVIDIA GPUs of a compute capability or newer: launchers offer it nowhere else.</summary>
[AttributeUsage(AttributeTargets.Struct)]
internal sealed class ComputeCapabilityAttribute(int major, int minor) : Attribute
{
    public int Major => major;
    public int Minor => minor;
}
