using System.Runtime.InteropServices;
using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.OpenCL;

namespace GpuNets.Kernels;

/// <summary>
/// Puts commands on ILGPU's queue without the barrier that ILGPU puts before each of them. The queue runs in order, so that the barrier
/// changes nothing, but PoCL takes it for work: a chain of 600 small launches took 12 us each with it, 7 without (PoCL 6, two busy cores).
/// </summary>
internal static unsafe class OpenClCommands
{
    // Values of OpenCL's C interface.
    private const int Success = 0;
    private const uint Blocking = 1;

    private static readonly nint s_library = NativeLibraries.OpenCl;

    private static readonly delegate* unmanaged<nint, nint, uint, nuint*, nuint*, nuint*, uint, nint*, nint*, int> s_enqueueKernel =
        (delegate* unmanaged<nint, nint, uint, nuint*, nuint*, nuint*, uint, nint*, nint*, int>)Export("clEnqueueNDRangeKernel");

    private static readonly delegate* unmanaged<nint, nint, nint, nuint, nuint, nuint, uint, nint*, nint*, int> s_enqueueCopy =
        (delegate* unmanaged<nint, nint, nint, nuint, nuint, nuint, uint, nint*, nint*, int>)Export("clEnqueueCopyBuffer");

    private static readonly delegate* unmanaged<nint, nint, void*, nuint, nuint, nuint, uint, nint*, nint*, int> s_enqueueFill =
        (delegate* unmanaged<nint, nint, void*, nuint, nuint, nuint, uint, nint*, nint*, int>)Export("clEnqueueFillBuffer");

    private static readonly delegate* unmanaged<nint, nint, uint, nuint, nuint, void*, uint, nint*, nint*, int> s_enqueueRead =
        (delegate* unmanaged<nint, nint, uint, nuint, nuint, void*, uint, nint*, nint*, int>)Export("clEnqueueReadBuffer");

    private static readonly delegate* unmanaged<nint, nint, uint, nuint, nuint, void*, uint, nint*, nint*, int> s_enqueueWrite =
        (delegate* unmanaged<nint, nint, uint, nuint, nuint, void*, uint, nint*, nint*, int>)Export("clEnqueueWriteBuffer");

    /// <summary>Launches a kernel whose arguments are set.</summary>
    public static void Launch(CLKernel kernel, AcceleratorStream stream, KernelConfig config)
    {
        var (grid, group) = (config.GridDim, config.GroupDim);
        nuint* global = stackalloc nuint[] { (nuint)((long)grid.X * group.X), (nuint)((long)grid.Y * group.Y), (nuint)((long)grid.Z * group.Z) };
        nuint* local = stackalloc nuint[] { (nuint)group.X, (nuint)group.Y, (nuint)group.Z };
        Check(s_enqueueKernel(Queue(stream), kernel.KernelPtr, 3, null, global, local, 0, null, null));
    }

    /// <summary>Copies a view to another of the same length; they do not overlap.</summary>
    public static void Copy(AcceleratorStream stream, ArrayView<float> source, ArrayView<float> target)
    {
        var (from, to) = (Memory(source), Memory(target));
        Check(s_enqueueCopy(Queue(stream), from.Buffer, to.Buffer, from.Offset, to.Offset, (nuint)target.LengthInBytes, 0, null, null));
    }

    /// <summary>Sets all values of a view to zero.</summary>
    public static void Clear(AcceleratorStream stream, ArrayView<float> target)
    {
        float zero = 0f;
        var (buffer, offset) = Memory(target);
        Check(s_enqueueFill(Queue(stream), buffer, &zero, sizeof(float), offset, (nuint)target.LengthInBytes, 0, null, null));
    }

    /// <summary>Copies host values to the start of a view; returns when that is done.</summary>
    public static void Write(AcceleratorStream stream, void* source, ArrayView<float> target, int count)
    {
        var (buffer, offset) = Memory(target);
        Check(s_enqueueWrite(Queue(stream), buffer, Blocking, offset, (nuint)count * sizeof(float), source, 0, null, null));
    }

    /// <summary>Copies values of a view to the host; returns when that is done.</summary>
    public static void Read(AcceleratorStream stream, ArrayView<float> source, void* target, int count)
    {
        var (buffer, offset) = Memory(source);
        Check(s_enqueueRead(Queue(stream), buffer, Blocking, offset, (nuint)count * sizeof(float), target, 0, null, null));
    }

    private static nint Queue(AcceleratorStream stream) => ((CLStream)stream).CommandQueue;

    private static (nint Buffer, nuint Offset) Memory(ArrayView<float> view)
    {
        IContiguousArrayView contiguous = view;
        return (contiguous.Buffer.NativePtr, (nuint)contiguous.IndexInBytes);
    }

    private static void Check(int status)
    {
        if (status != Success) throw new CLException((CLError)status);
    }

    private static nint Export(string name) => NativeLibrary.GetExport(s_library, name);
}
