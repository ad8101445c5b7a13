using System.Runtime.InteropServices;
using ILGPU.Runtime.Cuda;

namespace GpuNets.Kernels;

/// <summary>Shared memory of a group beyond the 48 KiB that a CUDA kernel gets without asking.</summary>
internal static partial class CudaSharedMemory
{
    private const int MaxPerBlockOptIn = 97, MaxDynamicSize = 8;

    /// <summary>Bytes that a group may have if its kernel asks.</summary>
    public static int Limit(CudaAccelerator accelerator) =>
        GetAttribute(out int bytes, MaxPerBlockOptIn, accelerator.DeviceId) == 0 && bytes > 0 ? bytes : accelerator.MaxSharedMemoryPerGroup;

    /// <summary>Lets a kernel be launched with all of it.</summary>
    public static void Allow(CudaAccelerator accelerator, CudaKernel kernel)
    {
        accelerator.Bind();
        int error = SetAttribute(kernel.FunctionPtr, MaxDynamicSize, Limit(accelerator));
        if (error != 0) throw new GpuNetsException($"CUDA shared memory: cuFuncSetAttribute answers {(CudaError)error}.");
    }

    [LibraryImport(NativeLibraries.Cuda, EntryPoint = "cuDeviceGetAttribute")]
    private static partial int GetAttribute(out int value, int attribute, int device);

    [LibraryImport(NativeLibraries.Cuda, EntryPoint = "cuFuncSetAttribute")]
    private static partial int SetAttribute(nint function, int attribute, int value);
}
