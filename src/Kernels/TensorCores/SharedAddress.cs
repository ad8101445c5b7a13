using System.Runtime.CompilerServices;
using ILGPU;
using ILGPU.Backends.PTX;
using ILGPU.IR;
using ILGPU.IR.Intrinsics;

namespace GpuNets.Kernels;

/// <summary>
/// Addresses of shared memory as numbers, which descriptions of matrices, copies and barriers are made of. What takes such a number takes
/// the reference it was made from, too: the emulation goes from there, and a GPU does not look at it.
/// </summary>
internal static unsafe class SharedAddress
{
    /// <summary>The address of a reference into shared memory. Emulated, it keeps the place within 1024 bytes alone.</summary>
    [IntrinsicImplementation]
    public static uint Of(ref UInt4 shared) => (uint)((long)Unsafe.AsPointer(ref shared) & (SharedMatrix.Block - 1));

    /// <summary>The next multiple of 1024, where matrices begin.</summary>
    public static uint Align(uint address) => (address + (SharedMatrix.Block - 1)) & ~(uint)(SharedMatrix.Block - 1);

    /// <summary>What an address of the emulation points to.</summary>
    public static byte* Pointer(ref UInt4 shared, uint address) => (byte*)Unsafe.AsPointer(ref shared) + (address - Of(ref shared));

    private static void PtxOf(PTXBackend backend, PTXCodeGenerator generator, Value call)
    {
        string address = PtxText.SharedAddress(generator, call[0], null, out string computing);
        generator.Builder.AppendLine($"\t{{ {computing}mov.b32 {PtxText.Target(generator, call)}, {address}; }}");
    }
}
