using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ILGPU;
using ILGPU.Backends.PTX;
using ILGPU.IR;
using ILGPU.IR.Intrinsics;

namespace GpuNets.Kernels;

/// <summary>
/// Matrix products of a warp on tensor cores, compute capability 8.0 and newer. All 32 lanes call together. With g = lane / 4 and
/// t = lane % 4, a lane holds of the sums [16, 8] the elements X (g, 2t), Y (g, 2t + 1), Z (g + 8, 2t), W (g + 8, 2t + 1).
/// Kernels that use them carry <see cref="ComputeCapabilityAttribute"/>; the bodies here emulate a warp for tests.
/// </summary>
/// <remarks>Layouts: PTX ISA, "Matrix Fragments for mma.m16n8k8" and "for mma.m16n8k16", and "ldmatrix".</remarks>
internal static unsafe class TensorCores
{
    /// <summary>
    /// sums [16, 8] + a [16, 8] b [8, 8] of tf32 (see <see cref="Rounding.Tf32"/>) with float sums.
    /// a: X (g, t), Y (g + 8, t), Z (g, t + 4), W (g + 8, t + 4); b: X (k = t, column g), Y (k = t + 4, column g).
    /// </summary>
    [IntrinsicImplementation]
    public static Float4 MultiplyTf32(Float4 sums, UInt4 a, UInt2 b)
    {
        var place = stackalloc Operands[WarpThreads.Width];
        var all = WarpExchange.Open(place, new Operands { A = a, B = b });
        int g = Warp.LaneIdx / 4, t = Warp.LaneIdx % 4;
        for (int k = 0; k < 4; k++)
        {
            Operands row = all[4 * g + k], left = all[8 * t + k], right = all[8 * t + 4 + k];
            Add(ref sums, Tf32(row.A.X), Tf32(row.A.Y), Tf32(left.B.X), Tf32(right.B.X));
            Add(ref sums, Tf32(row.A.Z), Tf32(row.A.W), Tf32(left.B.Y), Tf32(right.B.Y));
        }
        WarpExchange.Close();
        return sums;
    }

    /// <summary>
    /// sums [16, 8] + a [16, 16] b [16, 8] of pairs of bfloat16 (see <see cref="Rounding.BFloat16Pair"/>) with float sums.
    /// a: X (g, 2t..), Y (g + 8, 2t..), Z (g, 2t + 8..), W (g + 8, 2t + 8..); b: X (k = 2t.., column g), Y (k = 2t + 8.., column g).
    /// </summary>
    [IntrinsicImplementation]
    public static Float4 MultiplyBFloat16(Float4 sums, UInt4 a, UInt2 b)
    {
        var place = stackalloc Operands[WarpThreads.Width];
        var all = WarpExchange.Open(place, new Operands { A = a, B = b });
        int g = Warp.LaneIdx / 4, t = Warp.LaneIdx % 4;
        for (int k = 0; k < 4; k++)
        {
            Operands row = all[4 * g + k], left = all[8 * t + k], right = all[8 * t + 4 + k];
            Add(ref sums, Low(row.A.X), Low(row.A.Y), Low(left.B.X), Low(right.B.X));
            Add(ref sums, High(row.A.X), High(row.A.Y), High(left.B.X), High(right.B.X));
            Add(ref sums, Low(row.A.Z), Low(row.A.W), Low(left.B.Y), Low(right.B.Y));
            Add(ref sums, High(row.A.Z), High(row.A.W), High(left.B.Y), High(right.B.Y));
        }
        WarpExchange.Close();
        return sums;
    }

    /// <summary>
    /// Loads four matrices of 8 rows of 16 bytes from shared memory. Lane l names row l % 8 of matrix l / 8, which begins
    /// <paramref name="offset"/> times 16 bytes behind <paramref name="start"/>; it gets 32 bits of each matrix: of row g, the t-th.
    /// </summary>
    [IntrinsicImplementation]
    public static UInt4 LoadMatrices(ref UInt4 start, int offset)
    {
        var place = stackalloc long[WarpThreads.Width];
        var all = WarpExchange.Open(place, (long)Unsafe.AsPointer(ref Unsafe.Add(ref start, offset)));
        int g = Warp.LaneIdx / 4, t = Warp.LaneIdx % 4;
        var values = new UInt4
        {
            X = ((uint*)all[g])[t],
            Y = ((uint*)all[8 + g])[t],
            Z = ((uint*)all[16 + g])[t],
            W = ((uint*)all[24 + g])[t],
        };
        WarpExchange.Close();
        return values;
    }

    /// <summary>Like <see cref="LoadMatrices"/> with each matrix of 8 x 8 16-bit elements transposed: a lane gets rows 2t and 2t + 1 of column g.</summary>
    [IntrinsicImplementation]
    public static UInt4 LoadMatricesTransposed(ref UInt4 start, int offset)
    {
        var place = stackalloc long[WarpThreads.Width];
        var all = WarpExchange.Open(place, (long)Unsafe.AsPointer(ref Unsafe.Add(ref start, offset)));
        int g = Warp.LaneIdx / 4, t = Warp.LaneIdx % 4;
        var values = new UInt4
        {
            X = Column(all + 2 * t, g),
            Y = Column(all + 8 + 2 * t, g),
            Z = Column(all + 16 + 2 * t, g),
            W = Column(all + 24 + 2 * t, g),
        };
        WarpExchange.Close();
        return values;
    }

    // Called by name: see PtxIntrinsics.
    private static void PtxMultiplyTf32(PTXBackend backend, PTXCodeGenerator generator, Value call) =>
        PtxMultiply(generator, call, "m16n8k8.row.col.f32.tf32.tf32.f32");

    private static void PtxMultiplyBFloat16(PTXBackend backend, PTXCodeGenerator generator, Value call) =>
        PtxMultiply(generator, call, "m16n8k16.row.col.f32.bf16.bf16.f32");

    private static void PtxMultiply(PTXCodeGenerator generator, Value call, string shape)
    {
        string sums = PtxText.Vector(generator, call[0]), a = PtxText.Vector(generator, call[1]), b = PtxText.Vector(generator, call[2]);
        generator.Builder.AppendLine($"\tmma.sync.aligned.{shape} {PtxText.Target(generator, call)}, {a}, {b}, {sums};");
    }

    private static void PtxLoadMatrices(PTXBackend backend, PTXCodeGenerator generator, Value call) => PtxLoad(generator, call, "");

    private static void PtxLoadMatricesTransposed(PTXBackend backend, PTXCodeGenerator generator, Value call) => PtxLoad(generator, call, ".trans");

    private static void PtxLoad(PTXCodeGenerator generator, Value call, string form)
    {
        string address = PtxText.SharedAddress(generator, call[0], call[1], out string computing);
        generator.Builder.AppendLine(
            $"\t{{ {computing}ldmatrix.sync.aligned.m8n8.x4{form}.shared.b16 {PtxText.Target(generator, call)}, [{address}]; }}");
    }

    private static void Add(ref Float4 sums, float a, float a8, float left, float right)
    {
        sums.X += a * left;
        sums.Y += a * right;
        sums.Z += a8 * left;
        sums.W += a8 * right;
    }

    // The hardware does not read the low 13 bits.
    private static float Tf32(uint bits) => BitConverter.UInt32BitsToSingle(bits & 0xFFFFE000u);

    private static float Low(uint pair) => BitConverter.UInt32BitsToSingle(pair << 16);

    private static float High(uint pair) => BitConverter.UInt32BitsToSingle(pair & 0xFFFF0000u);

    private static uint Column(long* rows, int column) => ((ushort*)rows[0])[column] | (uint)((ushort*)rows[1])[column] << 16;

    [StructLayout(LayoutKind.Sequential)]
    private struct Operands
    {
        public UInt4 A;
        public UInt2 B;
    }
}
