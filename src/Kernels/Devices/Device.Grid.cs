using GpuNets.Kernels;
using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;

namespace GpuNets;

public sealed partial class Device
{
    /// <summary>Most groups along Y and Z of a grid.</summary>
    internal const int MaxGridYZ = 65535;

    /// <summary>Bytes of shared memory that a group may have.</summary>
    internal int SharedMemoryLimit => _sharedMemoryLimit ??=
        Accelerator is CudaAccelerator cuda ? CudaSharedMemory.Limit(cuda) : Math.Min(Accelerator.MaxSharedMemoryPerGroup, EmulatedSharedMemory);

    // What an emulated GPU has; other devices have less.
    private const int EmulatedSharedMemory = 227 << 10;
    private int? _sharedMemoryLimit;

    /// <summary>Runs a kernel in a launch shape that the caller chose (never on <see cref="ExecutionForm.Host"/>).</summary>
    /// <param name="kernel">The kernel with its arguments.</param>
    /// <param name="grid">Groups and threads per group, exact: kernels may not check for threads beyond the work.</param>
    /// <param name="maxGroup">Most threads per group with which this kernel is ever launched.</param>
    internal void ForGrid<TKernel>(in TKernel kernel, KernelConfig grid, int maxGroup) where TKernel : struct, IGridKernel
    {
        Launches++;
        var run = _kernels.Get<TKernel>(nameof(DeviceEntries.WholeGrid), Math.Min(maxGroup, Accelerator.MaxNumThreadsPerGroup));
        Launch(run, grid, kernel, 0);
    }
}
