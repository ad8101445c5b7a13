using GpuNets.Kernels;

namespace GpuNets.Tests.Ptx;

/// <summary>What the machine refuses, and what <see cref="PtxRepair"/> does about it.</summary>
public sealed class PtxMachineTests
{
    // The first thread comes to another copy of the barrier than the rest of its warp.
    private const string TwoBarriers = """
        .version 7.8
        .target sm_80
        .address_size 64
        .visible .entry Kernel(
        	.param .b32 _count_0
        )
        {
        	.reg .pred	%p<2>;
        	.reg .b32	%r<2>;
        	mov.b32	%r1, %tid.x;
        	setp.eq.s32	%p1, %r1, 0;
        	@%p1 bra	L_1;
        	bar.sync	0;
        	bra	L_2;

        	L_1:
        	bar.sync	0;

        	L_2:
        	ret;
        }
        """;

    [Fact(Timeout = 60_000)]
    public async Task Copies_of_a_barrier_are_seen_and_repaired()
    {
        await Task.Yield();
        var error = Assert.Throws<InvalidOperationException>(() => Run(TwoBarriers));
        Assert.Contains("threads of a warp wait at different barriers", error.Message, StringComparison.Ordinal);
        Run(PtxRepair.Run(TwoBarriers, "Kernel", 9, 0));
        // Barriers of one copy are none of its business.
        Assert.Contains("bar.sync", PtxRepair.Run(TwoBarriers, "Kernel", 6, 1), StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_barrier_that_some_never_reach_and_a_loop_without_end_are_errors()
    {
        await Task.Yield();
        string apart = TwoBarriers.Replace("bar.sync\t0;\n\tbra", "shfl.sync.bfly.b32\t%r1, %r1, 1, 31, -1;\n\tbra", StringComparison.Ordinal);
        Assert.NotEqual(TwoBarriers, apart);
        Assert.Contains("threads wait for each other", Assert.Throws<InvalidOperationException>(() => Run(apart)).Message, StringComparison.Ordinal);
        string endless = TwoBarriers.Replace("bra\tL_2;", "bra\tL_1;", StringComparison.Ordinal).Replace("L_2:\n\tret;", "L_2:\n\tbra\tL_2;", StringComparison.Ordinal);
        Assert.Contains("has not ended", Assert.Throws<InvalidOperationException>(() => Run(endless.Replace("bar.sync\t0;", "mov.b32\t%r1, 1;", StringComparison.Ordinal))).Message, StringComparison.Ordinal);
        string unknown = TwoBarriers.Replace("bar.sync\t0;\n\tbra", "tex.1d.v4.f32\t%r1, %r1;\n\tbra", StringComparison.Ordinal);
        Assert.Contains("no 'tex.1d.v4.f32 %r1, %r1' on this machine", Assert.Throws<NotSupportedException>(() => Run(unknown)).Message, StringComparison.Ordinal);
    }

    private static void Run(string text) => new PtxMachine(text.ReplaceLineEndings("\n")).Run(new byte[4], (1, 1, 1), 64, 0);
}
