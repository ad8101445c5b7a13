using GpuNets.Kernels;

namespace GpuNets;

/// <summary>How a device is set up. The defaults are right for normal use.</summary>
public sealed record DeviceOptions
{
    /// <summary>False turns the kernel compiler's optimisation down, to tell compiler defects from our own.</summary>
    public bool Optimize { get; init; } = true;

    /// <summary>Fill freed memory with NaN, so that use after free shows. On by default in debug builds.</summary>
    public bool PoisonFreed { get; init; } =
#if DEBUG
        true;
#else
        false;
#endif

    /// <summary>Most memory that the pool takes from the device, in bytes; the device's own limit if null.</summary>
    public long? MemoryLimit { get; init; }

    /// <summary>Threads of the CPU device; one per core if null.</summary>
    public int? Threads { get; init; }

    /// <summary>What matrix products multiply on tensor cores; if null, the variable GPUNETS_PRECISION says it, else float32.</summary>
    public Precision? Precision { get; init; }

    /// <summary>
    /// Whether matrix products run by warpgroups (wgmma) where <see cref="Precision"/> allows tensor cores: true wherever sides are 256 or
    /// more, false nowhere. If null, the variable GPUNETS_WARPGROUPS (1 or 0) says it; without that, products large enough to keep all
    /// multiprocessors busy do. For compute capability 9.0 with a driver of CUDA 12.3 or newer; other devices compute as without it.
    /// </summary>
    public bool? Warpgroups { get; init; }

    /// <summary>How kernels are run; null picks the form that is fast on the device. The other forms are for tests.</summary>
    internal ExecutionForm? Form { get; init; }
}
