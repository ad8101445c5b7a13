using GpuNets.Kernels;
using GpuNets.Tests.Ntm;
using GpuNets.Tests.Ops;

namespace GpuNets.Tests.Ptx;

/// <summary>
/// Kernels as the PTX that ILGPU makes of them, run on the host. What the emulated forms cannot show: they run the kernels as C# has them. The variable
/// <c>GPUNETS_DEVICE=ptx</c> runs any other test this way, slowly; tensor cores and asynchronous copies are not there.
/// </summary>
public sealed class PtxTests
{
    public static TheoryData<string> Ops => OpCatalogue.EmulatedNames();

    [Theory(Timeout = 300_000), MemberData(nameof(Ops))]
    public async Task Ops_equal_the_reference_on_a_small_GPU(string name)
    {
        await Task.Yield();
        TestDevices.SkipUnlessCpu();
        using var lease = TestDevices.Ptx(large: false);
        OpChecker.Check(lease.Device, OpCatalogue.Get(name));
    }

    [Theory(Timeout = 300_000), MemberData(nameof(Ops))]
    public async Task Ops_equal_the_reference_on_a_large_GPU(string name)
    {
        await Task.Yield();
        TestDevices.SkipUnlessCpu();
        using var lease = TestDevices.Ptx(large: true);
        OpChecker.Check(lease.Device, OpCatalogue.Get(name));
    }

    // One whose threads came to different copies of a barrier and waited for each other forever.
    [Theory(Timeout = 300_000)]
    [InlineData("paper")]
    [InlineData("many-heads-erases-first")]
    public async Task A_neural_Turing_machine_equals_the_reference(string name)
    {
        await Task.Yield();
        TestDevices.SkipUnlessCpu();
        using var lease = TestDevices.Ptx(large: true);
        var test = NtmCase.Named(name, time: 2, batch: 1);
        NtmSequenceTests.Compare(test, test.Run(lease.Device));
    }
}
