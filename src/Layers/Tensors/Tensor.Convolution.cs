namespace GpuNets;

public partial class Tensor
{
    /// <summary>
    /// Convolution of sequences: y[n, o, p] = f(bias[o] + sum_(c, i) weight[o, c, i] x[n, c, p stride + i dilation - before]) with zeros
    /// outside of x; c runs over the channels of o's group. This tensor is x: [batch, in, length].
    /// </summary>
    /// <param name="weight">[out, in / groups, kernel].</param>
    /// <param name="bias">[out]; null for none.</param>
    /// <param name="stride">Step from one output to the next.</param>
    /// <param name="padding">Zeros at both ends.</param>
    /// <param name="dilation">Step from one tap to the next.</param>
    /// <param name="groups">Groups of channels that do not see each other; as many as channels is a depthwise convolution.</param>
    /// <param name="activation">The function f.</param>
    /// <returns>[batch, out, (length + before + after - dilation (kernel - 1) - 1) / stride + 1].</returns>
    /// <exception cref="ShapeException">An operand has another shape, a setting is out of range, or the kernel does not fit.</exception>
    /// <exception cref="DeviceMismatchException">The operands live on different devices.</exception>
    public Tensor Conv1d(
        Tensor weight, Tensor? bias = null, int stride = 1, Padding1d padding = default, int dilation = 1, int groups = 1,
        Activation activation = Activation.Identity) =>
        ConvOp.Apply("Conv1d", this, weight, bias, 1, Along(stride, padding, dilation, groups), activation);

    /// <summary>
    /// Convolution of images: y[n, o, p, q] = f(bias[o] + sum_(c, i, j) weight[o, c, i, j] x[n, c, p stride + i dilation - top, ...]) with zeros
    /// outside of x; c runs over the channels of o's group. This tensor is x: [batch, in, height, width].
    /// </summary>
    /// <param name="weight">[out, in / groups, kernel height, kernel width].</param>
    /// <param name="bias">[out]; null for none.</param>
    /// <param name="stride">Step from one output to the next; null for 1.</param>
    /// <param name="padding">Zeros at each side.</param>
    /// <param name="dilation">Step from one tap to the next; null for 1.</param>
    /// <param name="groups">Groups of channels that do not see each other; as many as channels is a depthwise convolution.</param>
    /// <param name="activation">The function f.</param>
    /// <returns>[batch, out, height', width'], each (size + padding - dilation (kernel - 1) - 1) / stride + 1.</returns>
    /// <exception cref="ShapeException">An operand has another shape, a setting is out of range, or the kernel does not fit.</exception>
    /// <exception cref="DeviceMismatchException">The operands live on different devices.</exception>
    public Tensor Conv2d(
        Tensor weight, Tensor? bias = null, Size2d? stride = null, Padding2d padding = default, Size2d? dilation = null, int groups = 1,
        Activation activation = Activation.Identity) =>
        ConvOp.Apply("Conv2d", this, weight, bias, 2, new(stride ?? 1, padding, dilation ?? 1, groups), activation);

    /// <summary>
    /// Transposed convolution of sequences, the gradient of <see cref="Conv1d"/> to its input: each x[n, c, p] adds weight[c, o, i] x to
    /// z[n, o, p stride + i dilation - before]; y = f(z + bias). This tensor is x: [batch, in, length].
    /// </summary>
    /// <param name="weight">[in, out / groups, kernel].</param>
    /// <param name="bias">[out]; null for none.</param>
    /// <param name="stride">Step in y from one element of x to the next.</param>
    /// <param name="padding">Elements of z that are left out at both ends.</param>
    /// <param name="outputPadding">Elements more at the end of y; less than the stride or the dilation.</param>
    /// <param name="dilation">Step from one tap to the next.</param>
    /// <param name="groups">Groups of channels that do not see each other.</param>
    /// <param name="activation">The function f.</param>
    /// <returns>[batch, out, (length - 1) stride - before - after + dilation (kernel - 1) + outputPadding + 1].</returns>
    /// <exception cref="ShapeException">An operand has another shape, a setting is out of range, or nothing is left.</exception>
    /// <exception cref="DeviceMismatchException">The operands live on different devices.</exception>
    public Tensor ConvTranspose1d(
        Tensor weight, Tensor? bias = null, int stride = 1, Padding1d padding = default, int outputPadding = 0, int dilation = 1, int groups = 1,
        Activation activation = Activation.Identity) =>
        ConvTransposeOp.Apply("ConvTranspose1d", this, weight, bias, 1, Along(stride, padding, dilation, groups), (0, outputPadding), activation);

    /// <summary>
    /// Transposed convolution of images, the gradient of <see cref="Conv2d"/> to its input: each x[n, c, p, q] adds weight[c, o, i, j] x
    /// to z[n, o, p stride + i dilation - top, ...]; y = f(z + bias). This tensor is x: [batch, in, height, width].
    /// </summary>
    /// <param name="weight">[in, out / groups, kernel height, kernel width].</param>
    /// <param name="bias">[out]; null for none.</param>
    /// <param name="stride">Step in y from one element of x to the next; null for 1.</param>
    /// <param name="padding">Elements of z that are left out at each side.</param>
    /// <param name="outputPadding">Rows more at the bottom and columns more at the right of y; less than the stride or the dilation.</param>
    /// <param name="dilation">Step from one tap to the next; null for 1.</param>
    /// <param name="groups">Groups of channels that do not see each other.</param>
    /// <param name="activation">The function f.</param>
    /// <returns>[batch, out, height', width'], each (size - 1) stride - padding + dilation (kernel - 1) + outputPadding + 1.</returns>
    /// <exception cref="ShapeException">An operand has another shape, a setting is out of range, or nothing is left.</exception>
    /// <exception cref="DeviceMismatchException">The operands live on different devices.</exception>
    public Tensor ConvTranspose2d(
        Tensor weight, Tensor? bias = null, Size2d? stride = null, Padding2d padding = default, Size2d outputPadding = default,
        Size2d? dilation = null, int groups = 1, Activation activation = Activation.Identity) =>
        ConvTransposeOp.Apply("ConvTranspose2d", this, weight, bias, 2, new(stride ?? 1, padding, dilation ?? 1, groups), outputPadding, activation);

    /// <summary>
    /// A weight by direction and length (Salimans and Kingma 2016, arXiv:1602.07868): w = scale v / ||v||, this tensor being v, with one
    /// length for every slice along an axis.
    /// </summary>
    /// <param name="scale">Lengths, as many as the axis has slices.</param>
    /// <param name="axis">The axis of outputs: 0 of linear layers and convolutions, 1 of transposed convolutions.</param>
    /// <exception cref="ShapeException">The axis does not exist, or the scale has another number of elements.</exception>
    /// <exception cref="DeviceMismatchException">The operands live on different devices.</exception>
    public Tensor WeightNorm(Tensor scale, int axis = 0) => WeightNormOp.Apply(this, scale, axis);

    private static ConvWindow Along(int stride, Padding1d padding, int dilation, int groups) =>
        new((1, stride), new(0, 0, padding.Before, padding.After), (1, dilation), groups);
}
