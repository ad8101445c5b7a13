namespace GpuNets;

public partial class Tensor
{
    /// <summary>
    /// Layer normalisation over the last axes (Ba et al. 2016): y = (x - mean) / sqrt(variance + epsilon) * weight + bias, with the
    /// mean and the (biased) variance of each row.
    /// </summary>
    /// <param name="normalized">The last axes, which make up a row.</param>
    /// <param name="weight">Shape <paramref name="normalized"/>; null for 1.</param>
    /// <param name="bias">Shape <paramref name="normalized"/>, only together with a weight; null for 0.</param>
    /// <param name="epsilon">Added to the variance.</param>
    /// <param name="relu">Applies max(y, 0) in the same pass; the gradient computes the mask again.</param>
    /// <exception cref="ShapeException">The last axes, the weight or the bias have another shape.</exception>
    /// <exception cref="DeviceMismatchException">The operands live on different devices.</exception>
    public Tensor LayerNorm(Shape normalized, Tensor? weight = null, Tensor? bias = null, float epsilon = 1e-5f, bool relu = false) =>
        LayerNormOp.Apply(this, normalized, weight, bias, epsilon, relu);

    /// <summary>
    /// Group normalisation (Wu and He 2018): the channels of a sample fall into groups of neighbours, each normalised over its channels
    /// and places: y = (x - mean) / sqrt(variance + epsilon) * weight + bias. As many groups as channels make it instance normalisation.
    /// </summary>
    /// <param name="groups">Number of groups.</param>
    /// <param name="weight">[channels]; null for 1.</param>
    /// <param name="bias">[channels], only together with a weight; null for 0.</param>
    /// <param name="epsilon">Added to the variance.</param>
    /// <param name="relu">Applies max(y, 0) in the same pass; the gradient computes the mask again.</param>
    /// <returns>The shape of x, which is [samples, channels, ...].</returns>
    /// <exception cref="ShapeException">The channels do not fall into so many groups, or a parameter is not [channels].</exception>
    /// <exception cref="DeviceMismatchException">The operands live on different devices.</exception>
    public Tensor GroupNorm(int groups, Tensor? weight = null, Tensor? bias = null, float epsilon = 1e-5f, bool relu = false) =>
        GroupNormOp.Apply(this, groups, weight, bias, epsilon, relu);

    /// <summary>
    /// Batch normalisation (Ioffe and Szegedy 2015) of each channel with the mean and the (biased) variance that it has in x:
    /// y = (x - mean) / sqrt(variance + epsilon) * weight + bias. Gradients flow through the statistics.
    /// </summary>
    /// <param name="weight">[channels]; null for 1.</param>
    /// <param name="bias">[channels]; null for 0.</param>
    /// <param name="epsilon">Added to the variance.</param>
    /// <param name="relu">Applies max(y, 0) in the same pass; the gradient computes the mask again.</param>
    /// <param name="running">Running averages to update; null for none.</param>
    /// <returns>The shape of x, which is [samples, channels, ...].</returns>
    /// <exception cref="ShapeException">x has fewer than two axes, one value per channel, or a parameter is not [channels].</exception>
    /// <exception cref="DeviceMismatchException">The operands live on different devices.</exception>
    public Tensor BatchNorm(
        Tensor? weight = null, Tensor? bias = null, float epsilon = 1e-5f, bool relu = false, RunningStatistics? running = null) =>
        BatchNormOp.Apply(this, weight, bias, epsilon, relu, running);

    /// <summary>The same with given statistics, which are constants: inference.</summary>
    /// <param name="mean">[channels].</param>
    /// <param name="variance">[channels].</param>
    /// <param name="weight">[channels]; null for 1.</param>
    /// <param name="bias">[channels]; null for 0.</param>
    /// <param name="epsilon">Added to the variance.</param>
    /// <param name="relu">Applies max(y, 0) in the same pass.</param>
    /// <exception cref="ShapeException">x has fewer than two axes, or another operand is not [channels].</exception>
    /// <exception cref="DeviceMismatchException">The operands live on different devices.</exception>
    public Tensor BatchNorm(
        Tensor mean, Tensor variance, Tensor? weight, Tensor? bias, float epsilon = 1e-5f, bool relu = false) =>
        BatchNormOp.Apply(this, mean, variance, weight, bias, epsilon, relu);

    /// <summary>
    /// Zeroes elements at random and divides the others by 1 - p, so that the mean stays (Srivastava et al. 2014). Without an open
    /// tape, which is inference, it returns this tensor.
    /// </summary>
    /// <param name="probability">The p of an element to become 0.</param>
    /// <param name="random">Where the random numbers come from; each call takes a new sequence of it.</param>
    /// <exception cref="ArgumentOutOfRangeException">The probability is not in [0, 1].</exception>
    public Tensor Dropout(float probability, RandomSource random) => DropoutOp.Apply(this, probability, random);
}
