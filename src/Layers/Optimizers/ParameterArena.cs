using GpuNets.Kernels;

namespace GpuNets;

/// <summary>
/// The parameters of one optimiser in one flat buffer, their gradients in another at the same offsets, so that a step is one launch
/// whatever their number. Each parameter starts at a multiple of 256 bytes; the gaps stay zero.
/// </summary>
internal sealed class ParameterArena
{
    private const int Alignment = 1 << UpdateStep.BlockShift;

    public ParameterArena(IReadOnlyList<Parameter> parameters, Optimizer owner)
    {
        var device = parameters[0].Device;
        Offsets = new int[parameters.Count];
        long total = 0;
        for (int i = 0; i < parameters.Count; i++)
        {
            Op.CheckDevice("Optimizer", device, parameters[i].Device);
            Offsets[i] = (int)total;
            total += (parameters[i].Count + Alignment - 1L) / Alignment * Alignment;
            if (total > int.MaxValue) throw new GpuNetsException("Optimizer: more than 2^31 - 1 parameters; split them over several optimisers.");
        }
        Parameters = parameters;
        Count = (int)Math.Max(total, Alignment);
        Values = NewZero(device, "parameters");
        Gradients = NewZero(device, "gradients");
        for (int i = 0; i < parameters.Count; i++)
        {
            var parameter = parameters[i];
            parameter.Rebind(Values.Slice(Offsets[i], parameter.Count), Gradients.Slice(Offsets[i], parameter.Count), owner);
        }
    }

    public IReadOnlyList<Parameter> Parameters { get; }

    public int[] Offsets { get; }

    /// <summary>Values with the gaps.</summary>
    public int Count { get; }

    public DeviceBuffer Values { get; }

    public DeviceBuffer Gradients { get; }

    /// <summary>Blocks of 64 values; each holds values of one parameter.</summary>
    public int Blocks => Count >> UpdateStep.BlockShift;

    /// <summary>The blocks of a parameter.</summary>
    public (int First, int Count) BlocksOf(Parameter parameter)
    {
        int index = 0;
        while (Parameters[index] != parameter) index++;
        return (Offsets[index] >> UpdateStep.BlockShift, (parameter.Count + Alignment - 1) >> UpdateStep.BlockShift);
    }

    /// <summary>A buffer of zeros with the same layout, for optimiser state.</summary>
    public DeviceBuffer NewZero(Device device, string label)
    {
        var buffer = device.Allocate(Count, label);
        Fill.Launch(buffer, 0f);
        return buffer;
    }
}
