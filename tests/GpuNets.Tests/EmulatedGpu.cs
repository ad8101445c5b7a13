using GpuNets.Kernels;
using ILGPU;
using ILGPU.Algorithms;
using ILGPU.Runtime.CPU;

namespace GpuNets.Tests;

/// <summary>
/// Runs kernels of whole groups on ILGPU's CPU accelerator, which checks every index (one outside its view ends the process). The devices
/// of <see cref="TestDevices.Emulated"/> have smaller groups and take the forms of small GPUs. Very slow: one or two tiles, and only with the
/// tests of the CPU device, as nothing here depends on the device under test.
/// </summary>
internal static class EmulatedGpu
{
    /// <param name="units">Multiprocessors that the plans of kernels believe in.</param>
    /// <param name="warps">Warps of 32 threads in the largest group: a power of two.</param>
    /// <param name="form">With warps, or with groups that do not shuffle.</param>
    public static Device Open(int units, int warps = 8, ExecutionForm form = ExecutionForm.Warp)
    {
        TestDevices.SkipUnlessCpu();
        var context = Context.Create(builder => builder.EnableAlgorithms().EnableDeviceMath().Optimize(OptimizationLevel.O2).CPU(new CPUDevice(32, warps, 1)));
        var accelerator = context.GetCPUDevice(0).CreateCPUAccelerator(context);
        var info = new DeviceInfo("emulated", DeviceKind.Cpu, "emulated GPU", 1 << 30, units, null);
        return Device.Create(context, accelerator, info, form, new KernelCompiler(accelerator), new DeviceOptions { PoisonFreed = true });
    }
}
