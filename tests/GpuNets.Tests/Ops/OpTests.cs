using GpuNets.Kernels;

namespace GpuNets.Tests.Ops;

/// <summary>Every case of every op: forward and gradients against the reference.</summary>
public sealed class OpTests
{
    public static TheoryData<string> Names() => OpCatalogue.Names();

    public static TheoryData<string> EmulatedNames() => OpCatalogue.EmulatedNames();

    [Theory(Timeout = 300_000), MemberData(nameof(Names))]
    public async Task Equals_the_reference(string name)
    {
        await Task.Yield();
        using var lease = TestDevices.Lease();
        OpChecker.Check(lease.Device, OpCatalogue.Get(name));
    }

    [Theory(Timeout = 300_000), MemberData(nameof(EmulatedNames))]
    public async Task Equals_the_reference_with_one_thread_per_row(string name)
    {
        await Task.Yield();
        TestDevices.SkipUnlessCpu();
        using var lease = TestDevices.Emulated(ExecutionForm.Serial);
        OpChecker.Check(lease.Device, OpCatalogue.Get(name));
    }

    [Theory(Timeout = 300_000), MemberData(nameof(EmulatedNames))]
    public async Task Equals_the_reference_with_one_group_per_row(string name)
    {
        await Task.Yield();
        TestDevices.SkipUnlessCpu();
        using var lease = TestDevices.Emulated(ExecutionForm.Group);
        OpChecker.Check(lease.Device, OpCatalogue.Get(name));
    }
}
