using ILGPU;
using ILGPU.Backends.PTX;
using ILGPU.IR;
using ILGPU.IR.Intrinsics;

namespace GpuNets.Kernels;

/// <summary>Copies of boxes of arrays to shared memory by the hardware of compute capability 9.0; one thread asks for a whole box.</summary>
internal static unsafe class TensorCopy
{
    /// <summary>Makes a map that a kernel before this one has written visible to the copy hardware; once per group, by the thread that copies.</summary>
    [IntrinsicImplementation]
    public static void Acquire(ulong map)
    {
    }

    /// <summary>
    /// Starts to copy the box of a <see cref="TensorMap"/> that begins at (product, line, term) to the order of <see cref="SharedMatrix"/>;
    /// what lies outside the array becomes zero. The barrier counts the bytes of the whole box.
    /// </summary>
    [IntrinsicImplementation]
    public static void Load(ref UInt4 shared, uint target, ulong map, int term, int line, int product, uint barrier)
    {
        var from = TensorMap.Layout(map);
        for (int l = 0; l < from.BoxLines; l++)
            for (int offset = 0; offset < SharedMatrix.Line; offset += from.ElementBytes)
            {
                int k = term + offset / from.ElementBytes;
                bool isInside = (uint)k < (uint)from.Terms && (uint)(line + l) < (uint)from.Lines && (uint)product < (uint)from.Products;
                byte* source = (byte*)from.Address + (long)product * (long)from.ProductBytes + (line + l) * (long)from.LineBytes + (long)k * from.ElementBytes;
                byte* to = SharedAddress.Pointer(ref shared, SharedMatrix.Swizzle(target + (uint)(l * SharedMatrix.Line + offset)));
                for (int i = 0; i < from.ElementBytes; i++) to[i] = isInside ? source[i] : (byte)0;
            }
        SharedBarrier.Complete(ref shared, barrier, from.BoxLines * SharedMatrix.Line);
    }

    private static void PtxAcquire(PTXBackend backend, PTXCodeGenerator generator, Value call)
    {
        string map = PtxText.Register(generator, call[0]);
        generator.Builder.AppendLine($"\tfence.proxy.tensormap::generic.acquire.gpu [{map}], {TensorMap.Size};");
    }

    private static void PtxLoad(PTXBackend backend, PTXCodeGenerator generator, Value call)
    {
        string[] names = [.. Enumerable.Range(1, 6).Select(i => PtxText.Register(generator, call[i]))];
        generator.Builder.AppendLine(
            "\tcp.async.bulk.tensor.3d.shared::cluster.global.tile.mbarrier::complete_tx::bytes "
            + $"[{names[0]}], [{names[1]}, {{{names[2]}, {names[3]}, {names[4]}}}], [{names[5]}];");
    }
}
