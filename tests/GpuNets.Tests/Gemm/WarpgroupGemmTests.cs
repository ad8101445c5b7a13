using System.Text.RegularExpressions;
using GpuNets.Kernels;
using GpuNets.Tests.Devices;
using Xunit;

namespace GpuNets.Tests;

/// <summary>
/// The form of compute capability 9.0: emulated on ILGPU's CPU accelerator, with the arithmetic of swizzled lines, descriptions of matrices,
/// barriers and copies by hardware that a GPU does, and as text that NVIDIA's assembler takes.
/// </summary>
[Collection(nameof(EmulatedGpus))]
public sealed partial class WarpgroupGemmTests
{
    // Scalar access needs the most registers; the vector forms are looked at by the tests of the instruction mix.
    private static readonly Dictionary<string, Type> s_kernels = new[]
    {
        typeof(WarpgroupGemm<BFloat16Format, ScalarAccess, Gelu>),
        typeof(WarpgroupGemm<Tf32Format, ScalarAccess, Tanh>),
    }.ToDictionary(KernelCache.Describe);

    /// <summary>All orientations, aligned or not, k that ends within a stage, more stages than the ring has, several tiles, parts of sums.</summary>
    [Theory(Timeout = 600_000)]
    [InlineData(true, 1, 37, 41, 19, 1, 1)]
    [InlineData(true, 2, 133, 20, 70, 1, 1)]
    [InlineData(true, 3, 24, 260, 68, 1, 1)]
    [InlineData(true, 0, 66, 12, 392, 1, 1)]
    [InlineData(true, 1, 12, 20, 424, 2, 1)]
    [InlineData(true, 2, 9, 13, 20, 1, 3)]
    [InlineData(false, 0, 37, 41, 19, 1, 1)]
    [InlineData(false, 2, 24, 68, 204, 2, 1)]
    [InlineData(false, 3, 130, 5, 21, 1, 2)]
    public async Task Products(bool half, int transposes, int m, int n, int k, int parts, int batch)
    {
        await Task.Yield();
        using var device = EmulatedGpu.Open(units: 4, warps: 16);   // a group has nine
        var size = new GemmSize(m, n, k, batch, (transposes & 1) != 0, (transposes & 2) != 0);
        if (batch == 2) size = size with { StrideB = 0 };
        if (batch == 3) size = size with { StrideA = 0 };
        var plan = new TeamGemmPlan(half ? TeamGemmForm.WarpgroupBFloat16 : TeamGemmForm.WarpgroupTf32, parts);
        Func<float, float> round = half
            ? value => BitConverter.UInt32BitsToSingle(Rounding.BFloat16Pair(0f, value))
            : value => BitConverter.UInt32BitsToSingle(Rounding.Tf32(value));
        new GemmCase(size, 70, bias: true, Activation.Relu, accumulate: parts == 2, round, residual: batch > 1).Check<Relu>(device, plan);
        Assert.Equal(0, device.Memory.LiveBlocks);
    }

    /// <summary>Each tile has one group, whatever is left of the last band, and neighbours in time are neighbours in the matrix.</summary>
    [Theory(Timeout = 60_000)]
    [InlineData(1, 1)]
    [InlineData(7, 3)]
    [InlineData(8, 5)]
    [InlineData(21, 4)]
    public async Task Every_tile_has_a_group(int rowTiles, int columnTiles)
    {
        await Task.Yield();
        var tiles = Enumerable.Range(0, rowTiles * columnTiles).Select(index => WarpgroupGemmSize.Tile(index, rowTiles, columnTiles)).ToArray();
        Assert.Equal(tiles.Length, tiles.Distinct().Count());
        Assert.All(tiles, tile => Assert.True(tile.Row >= 0 && tile.Row < rowTiles && tile.Column >= 0 && tile.Column < columnTiles));
        Assert.InRange(tiles.Take(16).Select(tile => tile.Row).Distinct().Count(), 1, 8);
    }

    /// <summary>On a GPU of compute capability 9.0, and nowhere else: several tiles each way, stages that wrap, odd and whole sizes.</summary>
    [Theory(Timeout = 120_000)]
    [InlineData(Precision.BFloat16, 300, 520, 1000)]
    [InlineData(Precision.BFloat16, 257, 259, 1021)]
    [InlineData(Precision.Tf32, 300, 520, 1000)]
    [InlineData(Precision.Tf32, 257, 259, 1021)]
    public async Task On_the_device(Precision precision, int m, int n, int k)
    {
        await Task.Yield();
        using var device = TestDevices.Open(new DeviceOptions { Warpgroups = true, Precision = precision, PoisonFreed = true });
        Assert.SkipUnless(device.Warpgroups == WarpgroupUse.Wherever, $"{device} has no warpgroup products");
        Func<float, float> round = precision == Precision.BFloat16
            ? value => BitConverter.UInt32BitsToSingle(Rounding.BFloat16Pair(0f, value))
            : value => BitConverter.UInt32BitsToSingle(Rounding.Tf32(value));
        for (int transposes = 0; transposes < 4; transposes++)
        {
            var size = new GemmSize(m, n, k, 2, (transposes & 1) != 0, (transposes & 2) != 0);
            new GemmCase(size, 80, bias: true, Activation.Tanh, accumulate: transposes == 1, round, residual: transposes == 2).Check(device);
        }
    }

    public static TheoryData<string> Kernels => [.. s_kernels.Keys];

    /// <summary>Four products per stage that change their sums in place: ptxas says so where it has to wait for each of them.</summary>
    [Theory(Timeout = 600_000)]
    [MemberData(nameof(Kernels))]
    public async Task Assembles_to_products_in_flight(string name)
    {
        await Task.Yield();
        var kernel = s_kernels[name];
        string ptx = KernelText.Ptx(kernel, nameof(DeviceEntries.WholeGrid), WarpgroupGemmSize.GroupSize, 9, 0);
        Assert.Contains(".target sm_90a", ptx, StringComparison.Ordinal);
        Assert.DoesNotContain(".local", ptx, StringComparison.Ordinal);
        Assert.Equal(4, Regex.Count(ptx, @"wgmma\.mma_async\.sync\.aligned\.m64n256k"));
        Assert.Equal(2, Regex.Count(ptx, @"cp\.async\.bulk\.tensor\.3d"));
        Assert.SkipWhen(Ptxas.Path is null, Ptxas.Missing);
        var (ok, log) = Ptxas.Assemble(ptx, KernelText.Target(kernel, 9, 0));
        Assert.True(ok, log);
        Assert.DoesNotContain("serialized", log, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("warning", log, StringComparison.OrdinalIgnoreCase);
        Assert.All(StackOrSpill().Matches(log), match => Assert.Equal("0", match.Groups[1].Value));
    }

    [GeneratedRegex(@"(\d+) bytes (?:stack frame|spill stores|spill loads)")]
    private static partial Regex StackOrSpill();
}
