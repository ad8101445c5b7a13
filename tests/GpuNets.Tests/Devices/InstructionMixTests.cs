using GpuNets.Kernels;

namespace GpuNets.Tests;

/// <summary>The instructions of the hot loops, where the assembler is at hand: what a change must not spoil unseen.</summary>
public sealed class InstructionMixTests
{
    // A kernel per form: the others differ in how operands are stored.
    public static TheoryData<string> Kernels =>
        [.. HotKernels.All.Select(kernel => kernel.Name).Where(name => !name.EndsWith("^T", StringComparison.Ordinal))];

    /// <summary>The least share of arithmetic is what ptxas 12.4 gave, less a twentieth.</summary>
    [Theory(Timeout = 300_000)]
    [MemberData(nameof(Kernels))]
    public async Task Hot_loops_do_arithmetic_and_move_16_bytes_at_once(string name)
    {
        await Task.Yield();
        Assert.SkipWhen(Ptxas.Path is null || Ptxas.Disassembler is null, Ptxas.Missing);
        var kernel = HotKernels.All.Single(one => one.Name == name);
        var made = MixTable.Assemble(kernel, 9, 0);
        Assert.Equal(0, made.Stack);
        Assert.Equal(0, made.Spills);
        Assert.Equal(0, made.Loop.Local);
        Assert.True(made.Loop.ArithmeticShare >= kernel.LeastShare, $"{name}: {made.Loop.ArithmeticShare:P1} of {made.Loop.All} instructions, expected {kernel.LeastShare:P0}");
        if (kernel.WideLoads) Assert.Equal(made.Loop.Global.All, made.Loop.Global.Wide);
        // Two groups of 256 threads, or as many of smaller groups, run at once on a multiprocessor of 65536 registers; one group of 288 threads has it.
        if (kernel.Kernel.IsDefined(typeof(ComputeCapabilityAttribute), inherit: false))
            Assert.InRange(made.Registers * kernel.Group, 1, kernel.Warpgroups ? 65536 : 32768);
    }

    [Fact(Timeout = 60_000)]
    public async Task Loops_are_found_and_counted()
    {
        await Task.Yield();
        const string text = """
                    /*0000*/                   MOV R1, c[0x0][0x28] ;
                    /*0010*/                   FFMA R2, R3, R4, R5 ;
                    /*0020*/                   LDG.E.128 R4, desc[UR4][R2.64] ;
                    /*0030*/              @P0  LDS R1, [R2] ;
                    /*0040*/                   FFMA R2, R3, R4, R5 ;
                    /*0050*/             @!P0 BRA 0x20 ;
                    /*0060*/                   FADD R1, R2, R3 ;
                    /*0070*/             @!UP1 BRA 0x10 ;
                    /*0080*/                   EXIT ;
                    /*0090*/                   BRA 0x90;
                    /*00a0*/                   NOP;
            """;
        var sass = new Sass(text);
        Assert.Equal(9, sass.Instructions.Count);
        var loop = sass.HotLoop();
        Assert.Equal((4, 1, 0, 1, 0), (loop.All, loop.Fused, loop.Tensor, loop.Shared, loop.Local));
        Assert.Equal((1, 1), loop.Global);
        Assert.Equal(0.25, loop.ArithmeticShare);
    }
}
