using GpuNets.Kernels;

namespace GpuNets;

/// <summary>A Neural Turing Machine over a whole sequence: one launch forward, one backward, then matrix products for the weights.</summary>
internal sealed class NtmSequenceOp(NtmSequence run, NtmTensors tensors, Tensor inputs, Tensor logits) : SingleOp(logits)
{
    /// <summary>Computes logits [T, B, Outputs] from inputs [T, B, Inputs]; the sizes' Time and Batch are taken from the inputs.</summary>
    /// <returns>The logits, and the run with all its states, which the caller releases.</returns>
    /// <exception cref="ShapeException">The inputs are not [T, B, Inputs] with T and B of 1 or more, or a tensor has another size.</exception>
    /// <exception cref="DeviceMismatchException">The inputs live on another device than the parameters.</exception>
    public static (Tensor Logits, NtmSequence Run) Apply(NtmSizes sizes, NtmTensors tensors, Tensor inputs)
    {
        const string name = "NeuralTuringMachine";
        if (inputs.Shape.Rank != 3 || inputs.Shape[2] != sizes.Inputs || inputs.Count == 0)
            throw new ShapeException(name, $"inputs must be [time, batch, {sizes.Inputs}] with at least one step and one sequence, got {inputs.Shape}.");
        foreach (var tensor in tensors.All) CheckDevice(name, tensor.Device, inputs.Device);
        sizes.Time = inputs.Shape[0];
        sizes.Batch = inputs.Shape[1];
        var tape = Recorder([inputs, .. tensors.All]);
        var logits = Tensor.Empty(inputs.Device, [sizes.Time, sizes.Batch, sizes.Outputs], name);
        var run = NtmSequence.Forward(sizes, tensors.Buffers(sizes), inputs.Buffer, logits.Buffer, training: tape is not null);
        tape?.Add(new NtmSequenceOp(run, tensors, inputs, logits));
        return (logits, run);
    }

    protected override void Backward(Tape tape, DeviceBuffer dy)
    {
        var byBuffer = new Dictionary<DeviceBuffer, Tensor>();
        foreach (var tensor in tensors.All) byBuffer.TryAdd(tensor.Buffer, tensor);
        var dInputs = tape.Fresh(inputs);
        run.Backward(dy, dInputs, Target);
        if (dInputs is not null) tape.Put(inputs, dInputs);

        DeviceBuffer? Target(DeviceBuffer buffer, out bool accumulate) => tape.Target(byBuffer[buffer], out accumulate);
    }
}
