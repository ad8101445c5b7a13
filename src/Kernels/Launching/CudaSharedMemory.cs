using System.Runtime.InteropServices;
using ILGPU.Runtime.Cuda;

namespace GpuNets.Kernels;

/// <summary>Shared memory of a group beyond the 48 KiB that a CUDA kernel gets without asking.</summary>
internal static partial class CudaSharedMemory
{
    // CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_BLOCK_OPTIN; CU_FUNC_ATTRIBUTE_SHARED_SIZE_BYTES (what the kernel declares itself) and
    // CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES.
    private const int MaxPerBlockOptIn = 97, DeclaredSize = 1, MaxDynamicSize = 8;

    /// <summary>Bytes that a group may have if its kernel asks.</summary>
    public static int Limit(CudaAccelerator accelerator) =>
        GetAttribute(out int bytes, MaxPerBlockOptIn, accelerator.DeviceId) == 0 && bytes > 0 ? bytes : accelerator.MaxSharedMemoryPerGroup;

    /// <summary>Lets a kernel be launched with all of it.</summary>
    public static void Allow(CudaAccelerator accelerator, CudaKernel kernel)
    {
        accelerator.Bind();
        int error = GetAttribute(out int declared, DeclaredSize, kernel.FunctionPtr);
        if (error == 0) error = SetAttribute(kernel.FunctionPtr, MaxDynamicSize, Limit(accelerator) - declared);
        if (error != 0) throw new GpuNetsException($"CUDA shared memory: cuFuncSetAttribute answers {(CudaError)error}.");
    }

    [LibraryImport(NativeLibraries.Cuda, EntryPoint = "cuDeviceGetAttribute")]
    private static partial int GetAttribute(out int value, int attribute, int device);

    [LibraryImport(NativeLibraries.Cuda, EntryPoint = "cuFuncGetAttribute")]
    private static partial int GetAttribute(out int value, int attribute, nint function);

    [LibraryImport(NativeLibraries.Cuda, EntryPoint = "cuFuncSetAttribute")]
    private static partial int SetAttribute(nint function, int attribute, int value);
}
