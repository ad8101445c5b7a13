using GpuNets.Kernels;

namespace GpuNets.Tests.Convolutions;

/// <summary>The forms of OpenCL and CUDA on ILGPU's CPU accelerator, which checks every index: tiny sizes, they are very slow there.</summary>
[Collection(nameof(EmulatedGpus))]
public sealed class ConvFormTests
{
    private static readonly Dictionary<string, ConvSize> s_sizes = new()
    {
        ["padding"] = Size(2, 3, 5, 4, 6),
        ["in place"] = Size(1, 4, 6, 5, 6) with { Top = 0, Left = 0, OutHeight = 3, OutWidth = 4 },
        ["steps"] = Size(1, 2, 3, 5, 6) with { StrideY = 2, StrideX = 3, OutHeight = 3, OutWidth = 2 },
        ["groups"] = Size(1, 4, 6, 3, 3) with { Groups = 2 },
        ["depthwise"] = Size(1, 3, 3, 4, 3) with { Groups = 3 },
        ["mask"] = Size(1, 2, 4, 4, 3) with { Mask = new(4, 2, false) },
        ["two tiles"] = Size(1, 2, 68, 5, 28),
        ["one tap"] = Size(2, 3, 4, 3, 4) with { KernelHeight = 1, KernelWidth = 1, Top = 0, Left = 0 },
    };

    public static TheoryData<string> Sizes => [.. s_sizes.Keys.Where(name => name != "two tiles")];

    [Theory(Timeout = 600_000), MemberData(nameof(Sizes))]
    public async Task Items(string name)
    {
        await Task.Yield();
        using var lease = TestDevices.Emulated(ExecutionForm.Serial);
        foreach (var form in ConvRun.Forms(s_sizes[name])) new ConvRun(lease.Device, s_sizes[name], form).Check();
    }

    /// <summary>A group of a team kernel has 256 threads; the emulated devices of other tests have fewer and take the direct form.</summary>
    [Theory(Timeout = 600_000), MemberData(nameof(Sizes))]
    public async Task Teams(string name)
    {
        await Task.Yield();
        using var device = EmulatedGpu.Open(units: 1000);
        new ConvRun(device, s_sizes[name], ConvForm.Tiles).Check();
    }

    [Fact(Timeout = 600_000)]
    public async Task Large_tiles_of_teams()
    {
        await Task.Yield();
        // As few units as makes the plan take large tiles: more than 64 outputs, positions and terms.
        using var device = EmulatedGpu.Open(units: 1);
        var size = Size(1, 8, 68, 8, 8);
        Assert.True(ConvPlan.LargeTeams(68, 8 * 10, 1, device.Info.Units));
        new ConvRun(device, size, ConvForm.Tiles).Check();
    }

    /// <summary>Products of rounded operands, with the error of float sums alone: forward, to data and to the weight.</summary>
    [Theory(Timeout = 600_000)]
    [InlineData("padding", false)]
    [InlineData("in place", true)]
    [InlineData("steps", false)]
    [InlineData("groups", true)]
    [InlineData("mask", false)]
    [InlineData("one tap", true)]
    [InlineData("two tiles", false)]
    [InlineData("two tiles", true)]
    public async Task Tensor_cores(string name, bool half)
    {
        await Task.Yield();
        using var device = EmulatedGpu.Open(units: 1000);
        new ConvRun(device, s_sizes[name], half ? ConvForm.BFloat16 : ConvForm.Tf32).Check();
    }

    [Theory(Timeout = 60_000)]
    [InlineData(64, 64, 9, Precision.Float32, ConvForm.Tiles)]
    [InlineData(64, 64, 9, Precision.Tf32, ConvForm.Tf32)]
    [InlineData(64, 256, 9, Precision.BFloat16, ConvForm.BFloat16)]
    [InlineData(64, 21, 9, Precision.Tf32, ConvForm.Tiles)]      // a tile of 128 outputs would be mostly empty
    [InlineData(3, 64, 9, Precision.Tf32, ConvForm.Tiles)]       // 27 terms: less than two stages
    internal async Task The_precision_decides_where_tiles_are_filled(int ins, int outs, int taps, Precision precision, ConvForm form)
    {
        await Task.Yield();
        var size = Size(1, ins, outs, 8, 8);
        Assert.Equal(taps, size.Taps);
        Assert.Equal(form, ConvPlan.Tiles(TapConv.Forward(size), precision));
    }

    [Fact(Timeout = 60_000)]
    public async Task Chunks_of_positions_cover_a_line_and_fill_a_GPU()
    {
        await Task.Yield();
        foreach (int length in new[] { 1, 511, 513, 4222, 100_000 })
            foreach (int units in new[] { 1, 132 })
            {
                int chunk = ConvPlan.TeamChunk(length, tiles: 9, images: 4, units), chunks = (length + chunk - 1) / chunk;
                Assert.Equal(0, chunk % 32);
                Assert.True(chunks == 1 || chunk >= 512);
                Assert.True(chunk == 512 || 36 * chunks >= 2 * units || chunks == 1, $"{length}, {units}: {chunks} chunks of {chunk}");
            }
    }

    private static ConvSize Size(int batch, int ins, int outs, int height, int width) => new()
    {
        Batch = batch,
        In = ins,
        Out = outs,
        Height = height,
        Width = width,
        KernelHeight = 3,
        KernelWidth = 3,
        Top = 1,
        Left = 1,
        OutHeight = height,
        OutWidth = width,
    };
}
