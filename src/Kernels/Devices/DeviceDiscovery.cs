using GpuNets.Kernels;
using ILGPU;
using ILGPU.Algorithms;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;
using ILGPU.Runtime.OpenCL;

namespace GpuNets;

/// <summary>Finds and opens devices. Drivers are asked only when a device of their kind is wanted.</summary>
internal static class DeviceDiscovery
{
    // A driver that two threads load at once answers one of them that it has no devices (seen with PoCL).
    private static readonly Lock s_driverLock = new();

    public static IReadOnlyList<DeviceInfo> List()
    {
        using var context = CreateContext(true, cpu: null, openCl: true);
        return [.. OpenCl(context).Select(found => found.Info), Cpu(Environment.ProcessorCount)];
    }

    public static Device Open(string name, DeviceOptions options)
    {
        if (name == "cpu") return OpenCpu(options);
        var context = CreateContext(options.Optimize, cpu: null, openCl: true);
        var found = OpenCl(context);
        var match = name == "auto"
            ? found.Where(item => item.Info.IsUsable).OrderBy(item => item.IsCpu).FirstOrDefault()
            : found.FirstOrDefault(item => item.Info.Id == name);
        if (match.Device is null)
        {
            context.Dispose();
            if (name == "auto") return OpenCpu(options);
            throw new DeviceUnavailableException(name, $"not found. There is: {string.Join(", ", List().Select(info => info.Id))}.");
        }
        var accelerator = match.Device.CreateAccelerator(context);
        return Device.Create(context, accelerator, match.Info, match.IsCpu ? ExecutionForm.Serial : ExecutionForm.Group, new KernelCompiler(accelerator), options);
    }

    private static Device OpenCpu(DeviceOptions options)
    {
        int threads = Math.Max(1, options.Threads ?? Environment.ProcessorCount);
        // Emulated GPU groups need as many threads as a group has members.
        var cpu = options.Form switch
        {
            ExecutionForm.Warp => new CPUDevice(WarpTeam.Width, 1, 1),
            ExecutionForm.Group => new CPUDevice(8, 1, 1),
            _ => new CPUDevice(2, 1, threads),
        };
        var context = CreateContext(options.Optimize, cpu, openCl: false);
        var accelerator = context.GetCPUDevice(0).CreateCPUAccelerator(context);
        return Device.Create(context, accelerator, Cpu(threads), ExecutionForm.Host, new KernelCompiler(accelerator), options);
    }

    private static Context CreateContext(bool optimize, CPUDevice? cpu, bool openCl)
    {
        lock (s_driverLock)
        {
            return Context.Create(builder =>
            {
                builder.EnableAlgorithms().EnableDeviceMath().Optimize(optimize ? OptimizationLevel.O2 : OptimizationLevel.O1);
                if (cpu is not null) builder.CPU(cpu);
                if (openCl) builder.OpenCL();
            });
        }
    }

    private static List<(DeviceInfo Info, CLDevice Device, bool IsCpu)> OpenCl(Context context)
    {
        var found = new List<(DeviceInfo, CLDevice, bool)>();
        foreach (var device in context.GetCLDevices())
        {
            var info = new DeviceInfo($"opencl:{found.Count}", DeviceKind.OpenCL, device.Name, device.MemorySize, device.NumMultiprocessors, null);
            found.Add((info, device, device.DeviceType == CLDeviceType.CL_DEVICE_TYPE_CPU));
        }
        return found;
    }

    private static DeviceInfo Cpu(int threads) => new(
        "cpu", DeviceKind.Cpu, $"CPU ({threads} threads)", GC.GetGCMemoryInfo().TotalAvailableMemoryBytes, threads, null);
}
