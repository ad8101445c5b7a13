using GpuNets.Kernels;
using ILGPU;
using ILGPU.Runtime;

namespace GpuNets;

/// <summary>A device that a driver reported.</summary>
/// <param name="Info">What the user sees.</param>
/// <param name="Form">The form of kernels that is fast on it.</param>
/// <param name="Rank">Order in which <c>auto</c> prefers devices; the smallest wins.</param>
/// <param name="Create">Makes the accelerator and its compiler; null for a device that cannot be used.</param>
internal sealed record FoundDevice(DeviceInfo Info, ExecutionForm Form, int Rank, Func<Context, (Accelerator, KernelCompiler)>? Create);
