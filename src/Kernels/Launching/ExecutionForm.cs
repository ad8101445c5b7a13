namespace GpuNets.Kernels;

/// <summary>The form in which a device runs kernels. Each kernel is written once; the form picks teams and launch shape.</summary>
internal enum ExecutionForm
{
    /// <summary>Called directly on host memory by SIMD teams, one per core (CPU device).</summary>
    Host,

    /// <summary>Compiled by ILGPU, one thread per row or element (PoCL; the CPU accelerator as a bounds checker in tests).</summary>
    Serial,

    /// <summary>Compiled by ILGPU, rows by groups of threads with shared memory (OpenCL GPUs; the CPU accelerator in tests).</summary>
    Group,

    /// <summary>Compiled by ILGPU, short rows by warps, long rows by groups (CUDA).</summary>
    Warp,
}
