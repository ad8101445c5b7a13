using System.Runtime.CompilerServices;
using ILGPU;
using ILGPU.Backends.PTX;
using ILGPU.IR;
using ILGPU.IR.Intrinsics;
using ILGPU.Runtime.Cuda;

namespace GpuNets.Kernels;

/// <summary>
/// Copies from global to shared memory that pass by the registers and run while the thread goes on (compute capability 8.0 and newer;
/// elsewhere a load and a store). A thread sees its own copies after <see cref="Wait"/>, those of others after a barrier behind it.
/// </summary>
internal static class AsyncCopy
{
    /// <summary>
    /// Starts copying <paramref name="bytes"/> (0 to 16, a multiple of 4) of 16 bytes; the rest of the target becomes zero. The source
    /// must be a valid place even if nothing is copied.
    /// </summary>
    [IntrinsicImplementation]
    public static void Copy16(ref UInt4 target, ref UInt4 source, int bytes)
    {
        ref uint from = ref Unsafe.As<UInt4, uint>(ref source);
        target = new UInt4
        {
            X = bytes > 0 ? from : 0,
            Y = bytes > 4 ? Unsafe.Add(ref from, 1) : 0,
            Z = bytes > 8 ? Unsafe.Add(ref from, 2) : 0,
            W = bytes > 12 ? Unsafe.Add(ref from, 3) : 0,
        };
    }

    /// <summary>Starts copying 16 bytes that lie so many times 16 bytes (constants) behind two places.</summary>
    [IntrinsicImplementation]
    public static void Copy16Behind(ref UInt4 target, int targetOffset, ref UInt4 source, int sourceOffset) =>
        Unsafe.Add(ref target, targetOffset) = Unsafe.Add(ref source, sourceOffset);

    /// <summary>Closes a batch of the copies that this thread has started.</summary>
    [IntrinsicImplementation]
    public static void Commit()
    {
    }

    /// <summary>Waits until at most <paramref name="pending"/> (a constant) of the last batches of this thread are not done.</summary>
    [IntrinsicImplementation]
    public static void Wait(int pending)
    {
    }

    private static void PtxCopy16(PTXBackend backend, PTXCodeGenerator generator, Value call)
    {
        string target = PtxText.SharedAddress(generator, call[0], null, out string computing);
        string source = PtxText.GlobalAddress(generator, call[1], out string converting), bytes = PtxText.Register(generator, call[2]);
        if (IsAsynchronous(backend))
        {
            generator.Builder.AppendLine($"\t{{ {computing}{converting}cp.async.cg.shared.global [{target}], [{source}], 16, {bytes}; }}");
            return;
        }
        // Through registers, each word zero unless it is wanted.
        var words = Enumerable.Range(0, 4).Select(i =>
            $"mov.b32 %w{i}, 0; setp.gt.s32 %wanted, {bytes}, {4 * i}; @%wanted ld.global.b32 %w{i}, [{source}+{4 * i}]; ");
        generator.Builder.AppendLine(
            $"\t{{ .reg .b32 %w<4>; .reg .pred %wanted; {computing}{converting}{string.Concat(words)}"
            + $"st.shared.v4.b32 [{target}], {{%w0, %w1, %w2, %w3}}; }}");
    }

    private static void PtxCopy16Behind(PTXBackend backend, PTXCodeGenerator generator, Value call)
    {
        string target = PtxText.SharedAddress(generator, call[0], call[1], out string computing);
        string source = PtxText.GlobalAddress(generator, call[2], out string converting) + $"+{16 * PtxText.Constant(call[3])}";
        generator.Builder.AppendLine(IsAsynchronous(backend)
            ? $"\t{{ {computing}{converting}cp.async.cg.shared.global [{target}], [{source}], 16; }}"
            : $"\t{{ .reg .b32 %w<4>; {computing}{converting}ld.global.v4.b32 {{%w0, %w1, %w2, %w3}}, [{source}]; st.shared.v4.b32 [{target}], {{%w0, %w1, %w2, %w3}}; }}");
    }

    private static void PtxCommit(PTXBackend backend, PTXCodeGenerator generator, Value call)
    {
        if (IsAsynchronous(backend)) generator.Builder.AppendLine("\tcp.async.commit_group;");
    }

    private static void PtxWait(PTXBackend backend, PTXCodeGenerator generator, Value call)
    {
        if (IsAsynchronous(backend)) generator.Builder.AppendLine($"\tcp.async.wait_group {PtxText.Constant(call[0])};");
    }

    private static bool IsAsynchronous(PTXBackend backend) => backend.Architecture >= CudaArchitecture.SM_80;

    // OpenCL: this method in place of the one above, whose body is for the host.
    private static void OpenClCopy16(ref UInt4 target, ref UInt4 source, int bytes)
    {
        var from = source;
        target = new UInt4
        {
            X = bytes > 0 ? from.X : 0u,
            Y = bytes > 4 ? from.Y : 0u,
            Z = bytes > 8 ? from.Z : 0u,
            W = bytes > 12 ? from.W : 0u,
        };
    }

    private static void OpenClCommit()
    {
    }

    private static void OpenClWait(int pending)
    {
    }
}
