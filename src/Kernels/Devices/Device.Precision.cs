using GpuNets.Kernels;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;

namespace GpuNets;

public sealed partial class Device
{
    /// <summary>Name of the environment variable that sets <see cref="Precision"/> where <see cref="DeviceOptions.Precision"/> does not.</summary>
    public const string PrecisionVariable = "GPUNETS_PRECISION";

    /// <summary>Name of the environment variable that sets <see cref="DeviceOptions.Warpgroups"/> where the options do not.</summary>
    public const string WarpgroupsVariable = "GPUNETS_WARPGROUPS";

    /// <summary>What matrix products, convolutions and attention multiply where the device has tensor cores.</summary>
    public Precision Precision { get; private set; }

    /// <summary>True if the device multiplies tf32 and bfloat16 faster than float32; elsewhere <see cref="Precision"/> changes nothing.</summary>
    public bool HasTensorCores => Accelerator is CudaAccelerator { Architecture: var architecture } && architecture >= CudaArchitecture.SM_80;

    /// <summary>Where the form for warpgroups is wanted and can be had: one compute capability, its instructions, and maps from the driver.</summary>
    internal WarpgroupUse Warpgroups { get; }

    /// <summary>
    /// Sets the precision until the result is disposed: <c>using (device.With(Precision.Tf32)) y = x.MatMul(w);</c>. Gradients of what was
    /// recorded in it are computed in it, too, wherever backward is called.
    /// </summary>
    public PrecisionScope With(Precision precision)
    {
        var scope = new PrecisionScope(this, Precision);
        Precision = precision;
        return scope;
    }

    internal void Restore(Precision precision) => Precision = precision;

    /// <summary>What a value of <see cref="PrecisionVariable"/> means; float32 where there is none.</summary>
    internal static Precision ParsePrecision(string? name)
    {
        if (string.IsNullOrWhiteSpace(name)) return Precision.Float32;
        foreach (var precision in Enum.GetValues<Precision>())
            if (name.Trim().Equals(precision.ToString(), StringComparison.OrdinalIgnoreCase)) return precision;
        throw new GpuNetsException($"{PrecisionVariable} is '{name}'; expected one of {string.Join(", ", Enum.GetNames<Precision>())}.");
    }

    /// <summary>What a value of <see cref="WarpgroupsVariable"/> means; null where there is none.</summary>
    internal static bool? ParseWarpgroups(string? value) => value?.Trim() switch
    {
        null or "" => null,
        "0" => false,
        "1" => true,
        _ => throw new GpuNetsException($"{WarpgroupsVariable} is '{value}'; expected 1 or 0."),
    };

    private static WarpgroupUse UseOf(bool? wanted) => wanted switch
    {
        null => WarpgroupUse.Large,
        true => WarpgroupUse.Wherever,
        false => WarpgroupUse.Never,
    };

    private static bool HasWarpgroups(Accelerator accelerator) =>
        accelerator is CudaAccelerator { Architecture: { Major: 9, Minor: 0 }, InstructionSet: var known } && known >= CudaInstructionSet.ISA_83 && TensorMap.AreAvailable;
}
