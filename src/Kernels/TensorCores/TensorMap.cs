using System.Runtime.InteropServices;
using ILGPU;

namespace GpuNets.Kernels;

/// <summary>
/// The 128 bytes by which the copy hardware of compute capability 9.0 knows an array [products, lines, k]: it copies boxes of it and
/// fills with zeros what lies outside. The driver makes them; for the emulation we have a layout of our own.
/// </summary>
internal unsafe partial struct TensorMap
{
    /// <summary>Bytes of a map, which begins at a multiple of 64.</summary>
    public const int Size = 128;

    private UInt4 _a, _b, _c, _d, _e, _f, _g, _h;

    /// <summary>True if the driver makes maps (CUDA 12).</summary>
    public static bool AreAvailable { get; } = NativeLibraries.HasCuda("cuTensorMapEncodeTiled");

    /// <summary>A map for a GPU.</summary>
    /// <exception cref="GpuNetsException">The driver refuses it.</exception>
    public static TensorMap Encode(in TensorMapLayout layout)
    {
        TensorMap map = default;
        byte* place = stackalloc byte[Size + 64], aligned = (byte*)(((long)place + 63) & ~63L);
        ulong* sizes = stackalloc ulong[] { (ulong)layout.Terms, (ulong)layout.Lines, (ulong)layout.Products };
        ulong* steps = stackalloc ulong[] { layout.LineBytes, layout.ProductBytes };
        uint* box = stackalloc uint[] { (uint)(SharedMatrix.Line / layout.ElementBytes), (uint)layout.BoxLines, 1 };
        uint* every = stackalloc uint[] { 1, 1, 1 };
        int error = EncodeTiled(
            aligned, layout.ElementBytes == sizeof(ushort) ? BFloat16 : Float32, 3, layout.Address, sizes, steps, box, every, NotInterleaved, Swizzle128, Promote256, FillZeros);
        if (error != 0) throw new GpuNetsException($"Gemm: cuTensorMapEncodeTiled answers {(ILGPU.Runtime.Cuda.CudaError)error} for {layout}.");
        *(&map) = *(TensorMap*)aligned;
        return map;
    }

    /// <summary>A map for the emulation: the layout itself.</summary>
    public static TensorMap Emulate(in TensorMapLayout layout)
    {
        TensorMap map = default;
        *(TensorMapLayout*)&map = layout;
        return map;
    }

    /// <summary>The layout of a map for the emulation.</summary>
    public static TensorMapLayout Layout(ulong map) => *(TensorMapLayout*)map;

    /// <summary>Writes it to the beginning of a view, in a kernel.</summary>
    public static void Store(TensorMap map, ArrayView<UInt4> view)
    {
        (view[0], view[1], view[2], view[3]) = (map._a, map._b, map._c, map._d);
        (view[4], view[5], view[6], view[7]) = (map._e, map._f, map._g, map._h);
    }

    // Constants of cuda.h: CU_TENSOR_MAP_...
    private const int Float32 = 7, BFloat16 = 9, NotInterleaved = 0, Swizzle128 = 3, Promote256 = 3, FillZeros = 0;

    [LibraryImport(NativeLibraries.Cuda, EntryPoint = "cuTensorMapEncodeTiled")]
    private static partial int EncodeTiled(
        void* map, int type, uint rank, ulong address, ulong* sizes, ulong* steps, uint* box, uint* every, int interleave, int swizzle, int promotion, int fill);
}

/// <summary>An array [products, lines, terms] of 2- or 4-byte elements in memory, and the lines that are copied at once, 128 bytes of each.</summary>
internal readonly record struct TensorMapLayout(
    ulong Address, int Terms, int Lines, int Products, int ElementBytes, ulong LineBytes, ulong ProductBytes, int BoxLines);
