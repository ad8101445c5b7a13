namespace GpuNets;

/// <summary>Opens tapes on devices.</summary>
public static class DeviceTapes
{
    /// <summary>Opens a tape: until it is disposed, operations on parameters are recorded and it owns all temporaries.</summary>
    /// <exception cref="InvalidOperationException">A tape is already open on this device.</exception>
    public static Tape Record(this Device device) => new(device);

    /// <summary>
    /// Makes a step that is recorded once and then runs as one launch where the device can (CUDA graphs):
    /// <c>using var step = device.Capture(tape => { var loss = ...; tape.Backward(loss); adam.Step(); return loss; });</c>, then
    /// <c>x.CopyFrom(batch); step.Run();</c> for each batch.
    /// </summary>
    /// <param name="device">The device of all that the step touches.</param>
    /// <param name="step">Computes on tensors of the device, with a tape that is open for it, and returns one of its results.</param>
    public static CapturedStep Capture(this Device device, Func<Tape, Tensor> step) => new(device, step);

    /// <summary>As <see cref="Capture(Device, Func{Tape, Tensor})"/>, for a step without gradients, such as one of decoding with a <see cref="KeyValueCache"/>.</summary>
    /// <param name="device">The device of all that the step touches.</param>
    /// <param name="step">Computes on tensors of the device, and returns one of its results.</param>
    public static CapturedStep Capture(this Device device, Func<Tensor> step) => new(device, step, device.NewGraph);
}
