namespace GpuNets;

/// <summary>Weights of one direction of a recurrent layer, as PyTorch lays them out: blocks of units rows, one block per gate.</summary>
/// <param name="Input">W_ih, [blocks * units, inputs].</param>
/// <param name="Hidden">W_hh, [blocks * units, units].</param>
/// <param name="InputBias">b_ih, [blocks * units]; null for none.</param>
/// <param name="HiddenBias">b_hh, [blocks * units]; null for none.</param>
internal sealed record RecurrentWeights(Tensor Input, Tensor Hidden, Tensor? InputBias, Tensor? HiddenBias)
{
    /// <summary>Number of hidden units.</summary>
    public int Units => Hidden.Shape[1];

    /// <summary>Throws unless all shapes fit each other and an input of so many features.</summary>
    public void Check(string operation, int blocks, Tensor input)
    {
        int features = input.Shape[-1];
        if (Hidden.Shape.Rank != 2 || Hidden.Shape[0] != blocks * Hidden.Shape[1])
            throw new ShapeException(operation, $"the recurrent weight has shape {Hidden.Shape}, expected [{blocks} * units, units].");
        Expect(operation, "the input weight", Input, new Shape(blocks * Units, features), $" for input {input.Shape} and {Units} units");
        if (InputBias is not null) Expect(operation, "the input bias", InputBias, blocks * Units, $" for {Units} units");
        if (HiddenBias is not null) Expect(operation, "the recurrent bias", HiddenBias, blocks * Units, $" for {Units} units");
        Op.CheckDevice(operation, input.Device, Hidden.Device);
    }

    /// <summary>Throws unless a tensor has a shape and lives on the device of the weights.</summary>
    public void Expect(string operation, string what, Tensor tensor, Shape shape, string why)
    {
        if (tensor.Shape != shape) throw new ShapeException(operation, $"{what} has shape {tensor.Shape}, expected {shape}{why}.");
        Op.CheckDevice(operation, Hidden.Device, tensor.Device);
    }

    /// <summary>The state [batch, units] of zeros that goes with an input [batch, inputs].</summary>
    public static Tensor Zeros(string operation, Tensor input, int units)
    {
        if (input.Shape.Rank != 2) throw new ShapeException(operation, $"the input has shape {input.Shape}, expected [batch, inputs].");
        var zeros = Tensor.Empty(input.Device, (input.Shape[0], units), operation);
        input.Device.Clear(zeros.Buffer);
        return zeros;
    }
}
