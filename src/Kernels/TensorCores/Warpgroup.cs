using System.Text;
using ILGPU;
using ILGPU.Backends.PTX;
using ILGPU.IR;
using ILGPU.IR.Intrinsics;

namespace GpuNets.Kernels;

/// <summary>
/// Matrix products of four warps on tensor cores that read both operands from shared memory (compute capability 9.0 alone: its successors
/// have others). All 128 threads call together; the bodies here emulate one of them for tests.
/// </summary>
/// <remarks>PTX ISA, "wgmma.mma_async".</remarks>
internal static unsafe class Warpgroup
{
    /// <summary>Threads of a warpgroup, rows of its product, and columns.</summary>
    public const int Threads = 128, Rows = 64, Columns = 256;

    private const int Step = 32;   // bytes of k per instruction, whatever the format

    /// <summary>sums [64, 256] + a [64, 64] b [256, 64]^T of bfloat16; a and b are described by <see cref="SharedMatrix"/>.</summary>
    [IntrinsicImplementation]
    public static WarpgroupSums MultiplyBFloat16(WarpgroupSums sums, ref UInt4 shared, ulong a, ulong b)
    {
        for (int step = 0; step < SharedMatrix.Line / Step; step++, a += Step >> 4, b += Step >> 4)
            for (int k = 0; k < Step; k += sizeof(ushort))
            {
                int offset = k;
                Add(ref sums, ref shared, a, b, offset, at => BitConverter.UInt32BitsToSingle((uint)*(ushort*)at << 16));
            }
        return Together(sums);
    }

    /// <summary>sums [64, 256] + a [64, 32] b [256, 32]^T of tf32.</summary>
    [IntrinsicImplementation]
    public static WarpgroupSums MultiplyTf32(WarpgroupSums sums, ref UInt4 shared, ulong a, ulong b)
    {
        for (int step = 0; step < SharedMatrix.Line / Step; step++, a += Step >> 4, b += Step >> 4)
            for (int k = 0; k < Step; k += sizeof(float))
                Add(ref sums, ref shared, a, b, k, at => BitConverter.UInt32BitsToSingle(*(uint*)at & 0xFFFFE000u));
        return Together(sums);
    }

    // The instruction ends for all lanes of a warp at once. Without it a lane that is late misses the phase of a barrier, and waits forever,
    // or reads a stage that was filled again, since the first lane gives it free for all.
    private static WarpgroupSums Together(WarpgroupSums sums)
    {
        Warp.Barrier();
        return sums;
    }

    private delegate float Element(byte* at);

    // One k: the thread has two columns of each eight, in two rows that are eight apart.
    private static void Add(ref WarpgroupSums sums, ref UInt4 shared, ulong a, ulong b, int offset, Element element)
    {
        int lane = Group.IdxX % 32, row = Group.IdxX / 32 % 4 * 16 + lane / 4, column = lane % 4 * 2;
        float upper = element(SharedAddress.Pointer(ref shared, SharedMatrix.Locate(a, row, offset)));
        float lower = element(SharedAddress.Pointer(ref shared, SharedMatrix.Locate(a, row + 8, offset)));
        fixed (WarpgroupSums* all = &sums)
            for (int tile = 0; tile < Columns / 8; tile++)
            {
                var quad = (Float4*)all + tile;
                float left = element(SharedAddress.Pointer(ref shared, SharedMatrix.Locate(b, 8 * tile + column, offset)));
                float right = element(SharedAddress.Pointer(ref shared, SharedMatrix.Locate(b, 8 * tile + column + 1, offset)));
                *quad = new Float4
                {
                    X = quad->X + upper * left,
                    Y = quad->Y + upper * right,
                    Z = quad->Z + lower * left,
                    W = quad->W + lower * right,
                };
            }
    }

    private static void PtxMultiplyBFloat16(PTXBackend backend, PTXCodeGenerator generator, Value call) =>
        PtxMultiply(generator, call, "m64n256k16.f32.bf16.bf16", "1, 1, 1, 0, 0");

    private static void PtxMultiplyTf32(PTXBackend backend, PTXCodeGenerator generator, Value call) =>
        PtxMultiply(generator, call, "m64n256k8.f32.tf32.tf32", "1, 1, 1");

    // The instructions change their sums in place and run on while the threads do: the text waits for them, so that nothing the compiler
    // writes touches the registers meanwhile. While a warpgroup waits, the other one of its group multiplies.
    private static void PtxMultiply(PTXCodeGenerator generator, Value call, string shape, string factors)
    {
        string[] before = PtxText.Registers(generator, call[0]);
        string a = PtxText.Register(generator, call[2]), b = PtxText.Register(generator, call[3]);
        string[] sums = PtxText.Targets(generator, call);
        var text = new StringBuilder();
        for (int i = 0; i < sums.Length; i++) text.Append('\t').Append("mov.f32 ").Append(sums[i]).Append(", ").Append(before[i]).AppendLine(";");
        text.AppendLine("\t{ .reg .b64 %a, %b; .reg .pred %adds; setp.eq.u32 %adds, 0, 0;");
        text.AppendLine("\twgmma.fence.sync.aligned;");
        string all = string.Join(", ", sums);
        for (int step = 0; step < SharedMatrix.Line / Step; step++)
        {
            text.AppendLine($"\tadd.u64 %a, {a}, {step * Step >> 4}; add.u64 %b, {b}, {step * Step >> 4};");
            text.AppendLine($"\twgmma.mma_async.sync.aligned.{shape} {{{all}}}, %a, %b, {factors.Replace("1, 1, 1", "%adds, 1, 1", StringComparison.Ordinal)};");
        }
        text.AppendLine("\twgmma.commit_group.sync.aligned;").AppendLine("\twgmma.wait_group.sync.aligned 0; }");
        generator.Builder.Append(text);
    }
}
