using System.Runtime.CompilerServices;
using ILGPU;

namespace GpuNets;

/// <summary>Raw addresses of views. Works inside kernels on every backend, and on the host for memory of the CPU device.</summary>
internal static unsafe class HostMemory
{
    /// <summary>Pointer to the first element; the view must not be empty. Memory of the CPU device is native and never moves.</summary>
    /// <remarks>
    /// In kernels, offsets from this pointer must be <c>int</c>: <c>pointer + long</c> and <c>pointer[long]</c> become arithmetic on
    /// <c>__generic void*</c>, which OpenCL refuses. A pointer chosen at run time (<c>flag ? x : y</c>) is refused as well: choose an index.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float* Ptr(this ArrayView<float> view)
    {
        fixed (float* pointer = &view[0]) return pointer;
    }

    /// <inheritdoc cref="Ptr(ArrayView{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int* Ptr(this ArrayView<int> view)
    {
        fixed (int* pointer = &view[0]) return pointer;
    }

    public static long Address(ArrayView<float> view) => (long)view.Ptr();
}
