using System.Globalization;
using ILGPU;
using ILGPU.Backends.PTX;
using ILGPU.IR;
using ILGPU.IR.Intrinsics;

namespace GpuNets.Kernels;

/// <summary>
/// Barriers in shared memory (compute capability 9.0) that count arrivals of threads and bytes of asynchronous copies. A phase is over
/// when all arrivals and bytes that it expects have come; then the next one begins with the same number of arrivals.
/// </summary>
internal static unsafe class SharedBarrier
{
    /// <summary>Bytes of a barrier.</summary>
    public const int Size = 8;

    private static readonly Lock s_lock = new();   // of the emulation

    /// <summary>Makes a barrier that expects so many arrivals; one thread, and then <see cref="Publish"/> and a barrier of the group.</summary>
    [IntrinsicImplementation]
    public static void Start(ref UInt4 shared, uint barrier, int arrivals) => *At(ref shared, barrier) = new State { Arrivals = (short)arrivals, Missing = (short)arrivals };

    /// <summary>Shows new barriers to the hardware that copies.</summary>
    [IntrinsicImplementation]
    public static void Publish()
    {
    }

    /// <summary>Arrives, and says how many bytes copies will bring in this phase.</summary>
    [IntrinsicImplementation]
    public static void Expect(ref UInt4 shared, uint barrier, int bytes) => Change(ref shared, barrier, arrivals: 1, bytes: bytes);

    /// <summary>Arrives, if the thread is one that does (not 0): a branch would part the warp.</summary>
    [IntrinsicImplementation]
    public static void Arrive(ref UInt4 shared, uint barrier, int arrives)
    {
        if (arrives != 0) Change(ref shared, barrier, arrivals: 1, bytes: 0);
    }

    /// <summary>Waits for the end of a phase that is even (0) or odd (1); of a new barrier, the one before the first counts as odd and over.</summary>
    [IntrinsicImplementation]
    public static void Wait(ref UInt4 shared, uint barrier, int parity)
    {
        var spin = new SpinWait();
        while (Phase(ref shared, barrier) == parity) spin.SpinOnce();
    }

    /// <summary>What a copy does when its bytes have come (emulation alone).</summary>
    public static void Complete(ref UInt4 shared, uint barrier, int bytes) => Change(ref shared, barrier, arrivals: 0, bytes: -bytes);

    private static int Phase(ref UInt4 shared, uint barrier)
    {
        lock (s_lock) return At(ref shared, barrier)->Phase;
    }

    private static void Change(ref UInt4 shared, uint barrier, int arrivals, int bytes)
    {
        lock (s_lock)
        {
            var state = At(ref shared, barrier);
            state->Missing -= (short)arrivals;
            // Kept in chunks: a stage has more bytes than 16 bits count.
            state->Chunks += (short)(bytes / SharedMatrix.Chunk);
            if (state->Missing != 0 || state->Chunks != 0) return;
            state->Missing = state->Arrivals;
            state->Phase ^= 1;
        }
    }

    private static State* At(ref UInt4 shared, uint barrier) => (State*)SharedAddress.Pointer(ref shared, barrier);

    private static void PtxStart(PTXBackend backend, PTXCodeGenerator generator, Value call) => Ptx(generator, call, "mbarrier.init.shared::cta.b64 [{0}], {1};");

    private static void PtxPublish(PTXBackend backend, PTXCodeGenerator generator, Value call) =>
        generator.Builder.AppendLine("\tfence.mbarrier_init.release.cluster;\n\tfence.proxy.async.shared::cta;");

    private static void PtxExpect(PTXBackend backend, PTXCodeGenerator generator, Value call) =>
        Ptx(generator, call, "mbarrier.arrive.expect_tx.shared::cta.b64 _, [{0}], {1};");

    private static void PtxArrive(PTXBackend backend, PTXCodeGenerator generator, Value call) => Ptx(
        generator, call, "{{ .reg .pred %arrives; setp.ne.s32 %arrives, {1}, 0; @%arrives mbarrier.arrive.shared::cta.b64 _, [{0}]; }}");

    private static void PtxWait(PTXBackend backend, PTXCodeGenerator generator, Value call) => Ptx(
        generator, call, "{{ .reg .pred %over; Again: mbarrier.try_wait.parity.shared::cta.b64 %over, [{0}], {1}; @!%over bra Again; }}");

    // Of the barrier and the argument behind it. Their registers come first: to get one may write an instruction.
    private static void Ptx(PTXCodeGenerator generator, Value call, string format)
    {
        string barrier = PtxText.Register(generator, call[1]), argument = PtxText.Register(generator, call[2]);
        generator.Builder.Append('\t').AppendFormat(CultureInfo.InvariantCulture, format, barrier, argument).AppendLine();
    }

    private struct State
    {
        public short Arrivals, Missing, Chunks, Phase;
    }
}
