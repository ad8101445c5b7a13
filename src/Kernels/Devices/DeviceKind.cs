namespace GpuNets;

/// <summary>What runs the kernels of a device.</summary>
public enum DeviceKind
{
    /// <summary>The host's own cores, with SIMD.</summary>
    Cpu,

    /// <summary>An OpenCL device: a GPU, or a CPU through PoCL.</summary>
    OpenCL,

    /// <summary>An NVIDIA GPU.</summary>
    Cuda,
}
