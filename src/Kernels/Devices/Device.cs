using GpuNets.Kernels;
using ILGPU;
using ILGPU.Runtime;

namespace GpuNets;

/// <summary>
/// A machine that runs kernels: an NVIDIA GPU, an OpenCL device or the host's cores. It owns its memory pool and compiled kernels;
/// disposing it frees everything. Use a device from one thread at a time.
/// </summary>
public sealed partial class Device : IDisposable
{
    private readonly Context _context;
    private readonly HostWorkers? _workers;
    private readonly KernelCache _kernels;

    private Device(Context context, Accelerator accelerator, DeviceInfo info, ExecutionForm form, KernelCompiler compiler, DeviceOptions options)
    {
        _context = context;
        Accelerator = accelerator;
        // Never the default stream: on CUDA that is the legacy stream, which orders with everything.
        Stream = accelerator.CreateStream();
        Info = info;
        Form = form;
        Precision = options.Precision ?? ParsePrecision(Environment.GetEnvironmentVariable(PrecisionVariable));
        bool? warpgroups = options.Warpgroups ?? ParseWarpgroups(Environment.GetEnvironmentVariable(WarpgroupsVariable));
        Warpgroups = HasWarpgroups(accelerator) ? UseOf(warpgroups) : WarpgroupUse.Never;
        Compiler = compiler;
        _kernels = new KernelCache(this);
        Tables = new DeviceTables(this);
        Pool = new MemoryPool(this, options.MemoryLimit ?? long.MaxValue, options.PoisonFreed);
        if (form == ExecutionForm.Host) _workers = new HostWorkers(Math.Max(1, options.Threads ?? Environment.ProcessorCount));
    }

    /// <summary>Id, name, memory and units of this device.</summary>
    public DeviceInfo Info { get; }

    /// <summary>The name that its driver gives.</summary>
    public string Name => Info.Name;

    /// <summary>What runs the kernels.</summary>
    public DeviceKind Kind => Info.Kind;

    /// <summary>True after <see cref="Dispose"/>.</summary>
    public bool IsDisposed { get; private set; }

    /// <summary>State of the memory pool.</summary>
    public PoolStatistics Memory => Pool.Statistics;

    /// <summary>Kernel launches so far.</summary>
    public long Launches { get; internal set; }

    /// <summary>The innermost open scope, which owns new temporaries.</summary>
    internal MemoryScope? CurrentScope { get; set; }

    /// <summary>The open tape, if operations are being recorded (a type of the layer above).</summary>
    internal object? Recorder { get; set; }

    internal Accelerator Accelerator { get; }

    internal AcceleratorStream Stream { get; }

    internal ExecutionForm Form { get; }

    internal KernelCompiler Compiler { get; }

    internal KernelCache KernelCache => _kernels;

    internal MemoryPool Pool { get; }

    internal DeviceTables Tables { get; }

    /// <summary>The threads of the CPU device (<see cref="ExecutionForm.Host"/> only).</summary>
    internal HostWorkers Workers => _workers ?? throw new InvalidOperationException($"{Name} runs no host kernels.");

    /// <summary>Takes a block of undefined contents from the pool.</summary>
    /// <param name="length">Number of 4-byte values, 0 or more.</param>
    /// <param name="label">What it is for; shown when memory runs out.</param>
    /// <exception cref="DeviceOutOfMemoryException">There is no room even after unused memory was given back.</exception>
    public DeviceBuffer Allocate(int length, string label = "buffer") => Pool.Rent(length, label);

    /// <summary>Opens a scope that owns the temporaries of an inference: <c>using var scope = device.Scope();</c>.</summary>
    public MemoryScope Scope() => new(this);

    /// <summary>A block that the innermost scope owns; without one it lives as long as the device.</summary>
    internal DeviceBuffer AllocateTemporary(int length, string label)
    {
        var buffer = Pool.Rent(length, label);
        CurrentScope?.Own(buffer);
        return buffer;
    }

    /// <summary>Waits until all launched work is done.</summary>
    public void Synchronize()
    {
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        ThrowIfRecording("waits for the device");
        if (Form != ExecutionForm.Host) Stream.Synchronize();
    }

    /// <summary>Frees kernels and all memory; buffers of this device must not be used afterwards.</summary>
    public void Dispose()
    {
        if (IsDisposed) return;
        if (Form != ExecutionForm.Host) Stream.Synchronize();
        Pool.Dispose();
        Tables.Dispose();
        IsDisposed = true;
        _workers?.Dispose();
        Stream.Dispose();
        Accelerator.Dispose();
        _context.Dispose();
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Info.Id} ({Name})";
}
