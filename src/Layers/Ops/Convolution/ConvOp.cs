using GpuNets.Kernels;

namespace GpuNets;

/// <summary>
/// y = f(z), z = conv(x, weight) + bias, over sequences or images. With dz = dy f'(z): dx is the transposed convolution of dz with the same
/// weight, dweight[o, c, i, j] the sum of dz[o] times x[c] shifted by the tap, dbias[o] the sum of dz[o].
/// </summary>
internal sealed class ConvOp(Tensor x, Tensor weight, Tensor? bias, ConvSize size, Activation activation, Tensor? preactivation, Tensor y) : SingleOp(y)
{
    public static Tensor Apply(
        string operation, Tensor x, Tensor weight, Tensor? bias, int axes, ConvWindow window, Activation activation, ConvMask? mask = null)
    {
        CheckDevice(operation, x.Device, weight.Device);
        if (bias is not null) CheckDevice(operation, x.Device, bias.Device);
        var shape = new ConvShape(operation, x.Shape, weight.Shape, axes, window);
        var size = shape.Convolution(bias, mask);
        var tape = Recorder(x, weight, bias);
        var result = shape.Result(size.Out, size.OutHeight, size.OutWidth);
        var y = Tensor.Empty(x.Device, result, operation);
        bool keeps = tape is not null && ActivationGradient.NeedsInput(activation);
        var preactivation = keeps ? Tensor.Empty(x.Device, result, operation + " before the activation") : null;
        Convolution.Forward(size, x.Buffer, weight.Buffer, bias?.Buffer, (preactivation ?? y).Buffer, keeps ? Activation.Identity : activation);
        if (preactivation is not null) Elementwise.Forward<Gelu>(preactivation.Buffer, y.Buffer);
        tape?.Add(new ConvOp(x, weight, bias, size, activation, preactivation, y));
        return y;
    }

    protected override void Backward(Tape tape, DeviceBuffer dy)
    {
        var dz = ActivationGradient.Run(activation, preactivation?.Buffer, Output.Buffer, dy);
        if (tape.Target(x, out bool accumulateX) is { } dx) Convolution.BackwardData(size, dz, weight.Buffer, dx, accumulateX);
        if (tape.Target(weight, out bool accumulateWeight) is { } dw) Convolution.BackwardWeight(size, x.Buffer, dz, dw, accumulateWeight);
        if (bias is not null) ChannelSums.Add(tape, bias, dz, size.Batch, size.Out, size.OutPlane);
    }
}
