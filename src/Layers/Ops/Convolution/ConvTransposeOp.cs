using GpuNets.Kernels;

namespace GpuNets;

/// <summary>
/// y = f(z), z = the gradient to data of a convolution with this weight, taken at x, + bias. With dz = dy f'(z): dx is that convolution of
/// dz, dweight its gradient to the weight with x and dz in each other's place, dbias[o] the sum of dz[o].
/// </summary>
internal sealed class ConvTransposeOp(
    Tensor x, Tensor weight, Tensor? bias, ConvSize size, Activation activation, Tensor? preactivation, Tensor y) : SingleOp(y)
{
    public static Tensor Apply(
        string operation, Tensor x, Tensor weight, Tensor? bias, int axes, ConvWindow window, Size2d outputPadding, Activation activation)
    {
        CheckDevice(operation, x.Device, weight.Device);
        if (bias is not null) CheckDevice(operation, x.Device, bias.Device);
        var shape = new ConvShape(operation, x.Shape, weight.Shape, axes, window);
        var size = shape.Transposed(bias, outputPadding);
        var tape = Recorder(x, weight, bias);
        var result = shape.Result(size.In, size.Height, size.Width);
        var y = Tensor.Empty(x.Device, result, operation);
        bool keeps = tape is not null && ActivationGradient.NeedsInput(activation);
        var preactivation = keeps ? Tensor.Empty(x.Device, result, operation + " before the activation") : null;
        Convolution.BackwardData(
            size, x.Buffer, weight.Buffer, (preactivation ?? y).Buffer, accumulate: false, bias?.Buffer, keeps ? Activation.Identity : activation);
        if (preactivation is not null) Elementwise.Forward<Gelu>(preactivation.Buffer, y.Buffer);
        tape?.Add(new ConvTransposeOp(x, weight, bias, size, activation, preactivation, y));
        return y;
    }

    protected override void Backward(Tape tape, DeviceBuffer dy)
    {
        var dz = ActivationGradient.Run(activation, preactivation?.Buffer, Output.Buffer, dy);
        if (tape.Target(x, out bool accumulateX) is { } dx)
            Convolution.Forward(size, dz, weight.Buffer, null, dx, Activation.Identity, accumulateX);
        if (tape.Target(weight, out bool accumulateWeight) is { } dw) Convolution.BackwardWeight(size, dz, x.Buffer, dw, accumulateWeight);
        if (bias is not null) ChannelSums.Add(tape, bias, dz, size.Batch, size.In, size.InPlane);
    }
}
