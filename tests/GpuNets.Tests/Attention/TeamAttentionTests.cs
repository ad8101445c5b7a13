using GpuNets.Kernels;
using GpuNets.Tests.Ops;

namespace GpuNets.Tests.Attention;

/// <summary>
/// The fused kernels of GPUs, whose groups have 256 threads, on ILGPU's CPU accelerator, which checks every index: small cases, they are very
/// slow there. The emulated devices of other tests have smaller groups, and take blocks of matrix products.
/// </summary>
[Collection(nameof(EmulatedGpus))]
public sealed class TeamAttentionTests
{
    public static TheoryData<string> Names() =>
        [.. AttentionCases.ForTeams.Skip(1), .. AttentionCases.ForDecoding.Skip(1)];   // the first of each run with shared memory

    public static TheoryData<string> NamesWithSharedMemory() => [AttentionCases.ForTeams[0], AttentionCases.ForDecoding[0]];

    [Theory(Timeout = 600_000), MemberData(nameof(Names))]
    public async Task Equals_the_reference_with_shuffles(string name)
    {
        await Task.Yield();
        using var device = EmulatedGpu.Open(units: 1000);
        Assert.True(TeamAttentionLauncher.Suits(device));
        OpChecker.Check(device, OpCatalogue.Get(name));
    }

    [Theory(Timeout = 600_000), MemberData(nameof(NamesWithSharedMemory))]
    public async Task Equals_the_reference_with_shared_memory(string name)
    {
        await Task.Yield();
        using var device = EmulatedGpu.Open(units: 1000, form: ExecutionForm.Group);
        Assert.True(TeamAttentionLauncher.Suits(device));
        OpChecker.Check(device, OpCatalogue.Get(name));
    }

    [Theory]
    [InlineData(1, 4096, 64)]      // as many parts as units take
    [InlineData(16, 4096, 128)]
    [InlineData(100, 4097, 832)]   // whole steps
    [InlineData(500, 4096, 4096)]  // rows enough
    [InlineData(1, 3, 64)]
    public void Parts_keep_all_units_busy(int rows, int keys, int terms) =>
        Assert.Equal(terms, TeamDecodeLauncher.Terms(new AttentionSize(rows, 1, 1, keys, 64, 64), units: 132));
}
