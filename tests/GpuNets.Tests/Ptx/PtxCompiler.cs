using System.Reflection;
using System.Runtime.InteropServices;
using GpuNets.InstructionMix;
using GpuNets.Kernels;
using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;

namespace GpuNets.Tests.Ptx;

/// <summary>Runs kernels as the PTX that a GPU would get, on a <see cref="PtxMachine"/>.</summary>
internal sealed class PtxCompiler(Accelerator accelerator) : KernelCompiler(accelerator)
{
    private const int Major = 9, Minor = 0;

    /// <summary>A device whose kernels are run from their PTX.</summary>
    /// <param name="units">Multiprocessors that the plans of kernels believe in.</param>
    public static Device Open(int units)
    {
        var context = Context.Create(builder => builder.EnableAlgorithms().EnableDeviceMath().Optimize(OptimizationLevel.O2).CPU(new CPUDevice(32, 8, 1)));
        var accelerator = context.GetCPUDevice(0).CreateCPUAccelerator(context);
        var info = new DeviceInfo("ptx", DeviceKind.Cpu, "PTX on the host", 1 << 30, units, null);
        return Device.Create(context, accelerator, info, ExecutionForm.Warp, new PtxCompiler(accelerator), new DeviceOptions { PoisonFreed = true });
    }

    public override TDelegate Load<TDelegate>(MethodInfo method, int maxGroupSize)
    {
        var kernel = method.GetGenericArguments()[0];
        var machine = new PtxMachine(KernelText.Ptx(kernel, method.Name, maxGroupSize, Major, Minor));
        var make = typeof(PtxCompiler).GetMethod(nameof(Launcher), BindingFlags.NonPublic | BindingFlags.Static)!.MakeGenericMethod(kernel);
        return (TDelegate)make.Invoke(null, [machine, KernelCache.Describe(method)])!;
    }

    private static Action<AcceleratorStream, KernelConfig, TKernel, int> Launcher<TKernel>(PtxMachine machine, string name) where TKernel : struct => (_, config, kernel, count) =>
    {
        var bytes = new PtxArguments();
        bytes.Add(kernel);
        if (bytes.Count > machine.Program.ParameterOffsets[1]) throw new InvalidOperationException($"{name}: {bytes.Count} bytes of arguments, but the second begins at {machine.Program.ParameterOffsets[1]}.");
        byte[] parameters = new byte[machine.Program.ParameterBytes];
        bytes.CopyTo(parameters);
        MemoryMarshal.Write(parameters.AsSpan(machine.Program.ParameterOffsets[1]), count);
        try
        {
            if (config.GroupDim.Y * config.GroupDim.Z != 1) throw new NotSupportedException("PTX: groups of more than one dimension.");
            machine.Run(parameters, (config.GridDim.X, config.GridDim.Y, config.GridDim.Z), config.GroupDim.X, config.SharedMemoryConfig.NumElements * 16);
        }
        catch (InvalidOperationException error)
        {
            throw new InvalidOperationException($"{name}, {config.GridDim} x {config.GroupDim}: {error.Message}", error);
        }
    };
}
