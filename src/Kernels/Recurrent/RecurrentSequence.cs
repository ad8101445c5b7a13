using ILGPU;

namespace GpuNets.Kernels;

/// <summary>Sizes of a recurrent layer over a sequence.</summary>
/// <param name="Time">Steps.</param>
/// <param name="Batch">Rows.</param>
/// <param name="Units">Hidden units of a direction.</param>
/// <param name="Directions">1, or 2 for a layer that also runs from the end.</param>
internal readonly record struct RecurrentSize(int Time, int Batch, int Units, int Directions)
{
    /// <summary>Values of a state of one direction.</summary>
    public int State => checked(Batch * Units);

    /// <summary>Values of the gates of one step.</summary>
    public int StepGates => checked(4 * State);

    /// <summary>Values of all states: one before the first step and one after each.</summary>
    public int States => checked((Time + 1) * State);

    /// <summary>Values of the gates of all steps.</summary>
    public int Gates => checked(Time * StepGates);

    /// <summary>Values of a row of the output.</summary>
    public int OutputRow => Units * Directions;
}

/// <summary>One direction of a recurrent layer: its weight and the memory of its steps.</summary>
internal sealed class RecurrentDirection
{
    /// <summary>0, or 1 for the direction that starts at the end: its outputs stand behind those of direction 0.</summary>
    public required int Index { get; init; }

    /// <summary>W_hh, [blocks * units, units], and its bias.</summary>
    public required DeviceBuffer HiddenWeight { get; init; }

    /// <inheritdoc cref="HiddenWeight"/>
    public required DeviceBuffer? HiddenBias { get; init; }

    /// <summary>[time, batch, 4, units].</summary>
    public required DeviceBuffer Gates { get; init; }

    /// <summary>[time + 1, batch, units]: the state before and after each step.</summary>
    public required DeviceBuffer Hidden { get; init; }

    /// <summary>As <see cref="Hidden"/>; null if the state has no cell.</summary>
    public required DeviceBuffer? Cell { get; init; }

    /// <summary>Backward: [directions, batch, units], in: gradient of the last state, out: that of the first.</summary>
    public DeviceBuffer? HiddenGradient { get; set; }

    /// <inheritdoc cref="HiddenGradient"/>
    public DeviceBuffer? CellGradient { get; set; }

    /// <summary>True if the steps run from the last to the first.</summary>
    public bool Reverse => Index == 1;

    /// <summary>The step that is done as number <paramref name="order"/>.</summary>
    public int StepAt(int order, int time) => Reverse ? time - 1 - order : order;

    /// <summary>Place of the state before a step among the states.</summary>
    public int Before(int step) => Reverse ? step + 1 : step;

    /// <summary>Place of the state after a step.</summary>
    public int After(int step) => Reverse ? step : step + 1;

    /// <summary>Place of the state before the first step.</summary>
    public int First(int time) => Reverse ? time : 0;

    /// <summary>Place of the state after the last step.</summary>
    public int Last(int time) => Reverse ? 0 : time;

    /// <summary>Gives the memory of the steps back to the pool.</summary>
    public void Free()
    {
        Gates.Free();
        Hidden.Free();
        Cell?.Free();
    }
}
