using GpuNets.Kernels;
using ILGPU;
using ILGPU.Algorithms;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;

namespace GpuNets;

/// <summary>Lists and opens devices. Drivers are asked only when a device of their kind is wanted.</summary>
internal static class DeviceDiscovery
{
    // A driver that two threads load at once answers one of them that it has no devices (seen with PoCL).
    private static readonly Lock s_driverLock = new();

    public static IReadOnlyList<DeviceInfo> List() =>
        [.. Find(CudaDevices.Find).Concat(Find(OpenClDevices.Find)).Select(found => found.Info), Cpu(Environment.ProcessorCount)];

    public static Device Open(string name, DeviceOptions options)
    {
        if (name == "cpu") return OpenCpu(options);
        if (name == "auto")
        {
            var best = Find(CudaDevices.Find).FirstOrDefault(found => found.Create is not null)
                ?? Find(OpenClDevices.Find).Where(found => found.Create is not null).MinBy(found => found.Rank);
            return best is null ? OpenCpu(options) : Open(best, options);
        }
        IReadOnlyList<FoundDevice> candidates =
            name.StartsWith("cuda", StringComparison.Ordinal) ? Find(CudaDevices.Find)
            : name.StartsWith("opencl", StringComparison.Ordinal) ? Find(OpenClDevices.Find)
            : throw new DeviceUnavailableException(name, $"there is no such device. {Available()}");
        var match = candidates.FirstOrDefault(found => found.Info.Id == name);
        if (match?.Info.Rejection is { } rejection) throw new DeviceUnavailableException(name, $"cannot be used: {rejection}. {Available()}");
        return match is not null ? Open(match, options) : throw new DeviceUnavailableException(name, $"there is no such device. {Available()}");
    }

    /// <summary>Prepares a context: the same for every device and for tests that only compile.</summary>
    public static Context.Builder Prepare(Context.Builder builder, bool optimize) =>
        builder.EnableAlgorithms().EnableDeviceMath().EnableTensorCores().Optimize(optimize ? OptimizationLevel.O2 : OptimizationLevel.O1);

    private static IReadOnlyList<FoundDevice> Find(Func<IReadOnlyList<FoundDevice>> find)
    {
        lock (s_driverLock) return find();
    }

    /// <summary>One line: what can be opened, and why other kinds are missing.</summary>
    private static string Available()
    {
        var all = List();
        string usable = string.Join(", ", all.Where(info => info.IsUsable).Select(info => $"{info.Id} ({info.Name})"));
        string rejected = string.Join("; ", all.Where(info => !info.IsUsable).Select(info => $"{info.Id}: {info.Rejection}"));
        return rejected.Length == 0 ? $"There is: auto, {usable}." : $"There is: auto, {usable}. Not usable: {rejected}.";
    }

    private static Device Open(FoundDevice found, DeviceOptions options)
    {
        var context = Context.Create(builder => Prepare(builder, options.Optimize));
        try
        {
            var (accelerator, compiler) = found.Create!(context);
            return Device.Create(context, accelerator, found.Info, found.Form, compiler, options);
        }
        catch (Exception error) when (error is not GpuNetsException)
        {
            context.Dispose();
            throw new DeviceUnavailableException(found.Info.Id, $"{found.Info.Name} does not open: {error.Message}", error);
        }
    }

    private static Device OpenCpu(DeviceOptions options)
    {
        int threads = Math.Max(1, options.Threads ?? Environment.ProcessorCount);
        // Emulated GPU groups need as many threads as a group has members.
        var cpu = options.Form switch
        {
            ExecutionForm.Warp => new CPUDevice(WarpThreads.Width, 1, 1),
            ExecutionForm.Group => new CPUDevice(8, 1, 1),
            _ => new CPUDevice(2, 1, threads),
        };
        var context = Context.Create(builder => Prepare(builder, options.Optimize).CPU(cpu));
        var accelerator = context.GetCPUDevice(0).CreateCPUAccelerator(context);
        return Device.Create(context, accelerator, Cpu(threads), ExecutionForm.Host, new KernelCompiler(accelerator), options);
    }

    private static DeviceInfo Cpu(int threads) => new(
        "cpu", DeviceKind.Cpu, $"CPU ({threads} threads)", GC.GetGCMemoryInfo().TotalAvailableMemoryBytes, threads, null);
}
