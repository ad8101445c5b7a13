using GpuNets.Kernels;
using GpuNets.Tests.Ops;
using ILGPU;
using ILGPU.Algorithms;
using ILGPU.Runtime.CPU;

namespace GpuNets.Tests.Attention;

/// <summary>
/// The fused kernels of GPUs, whose groups have 256 threads, on ILGPU's CPU accelerator, which checks every index: small cases, they are very
/// slow there. The emulated devices of other tests have smaller groups, and take blocks of matrix products.
/// </summary>
public sealed class TeamAttentionTests
{
    public static TheoryData<string> Names() =>
        [.. AttentionCases.ForTeams.Skip(1)];   // the first runs with shared memory

    [Theory(Timeout = 300_000), MemberData(nameof(Names))]
    public async Task Equals_the_reference_with_shuffles(string name)
    {
        await Task.Yield();
        using var device = Emulate(ExecutionForm.Warp);
        OpChecker.Check(device, OpCatalogue.Get(name));
    }

    [Fact(Timeout = 300_000)]
    public async Task Equals_the_reference_with_shared_memory()
    {
        await Task.Yield();
        using var device = Emulate(ExecutionForm.Group);
        OpChecker.Check(device, OpCatalogue.Get(AttentionCases.ForTeams[0]));
    }

    private static Device Emulate(ExecutionForm form)
    {
        var context = Context.Create(builder => builder.EnableAlgorithms().EnableDeviceMath().Optimize(OptimizationLevel.O2).CPU(new CPUDevice(32, 8, 1)));
        var accelerator = context.GetCPUDevice(0).CreateCPUAccelerator(context);
        var info = new DeviceInfo("teams", DeviceKind.Cpu, "emulated GPU", 1 << 30, 1000, null);
        var device = Device.Create(context, accelerator, info, form, new KernelCompiler(accelerator), new DeviceOptions { PoisonFreed = true });
        Assert.True(TeamAttentionLauncher.Suits(device));
        return device;
    }
}
