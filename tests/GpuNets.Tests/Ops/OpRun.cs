namespace GpuNets.Tests.Ops;

/// <summary>Runs a case once.</summary>
internal static class OpRun
{
    /// <summary>The output, then the gradients of all inputs.</summary>
    public static List<float[]> All(Device device, OpCase opCase, OpReference reference)
    {
        using var tape = device.Record();
        var inputs = opCase.Inputs.Select((input, n) => tape.Watch(device.Tensor(reference.Inputs[n], input.Shape))).ToArray();
        var output = opCase.Run(inputs);
        var results = new List<float[]> { output.ToArray() };
        if (opCase.NoGradient) return results;
        tape.Backward(output, device.Tensor(reference.OutputGradient, output.Shape));
        results.AddRange(inputs.Select(input => tape.Gradient(input)!.ToArray()));
        return results;
    }
}
