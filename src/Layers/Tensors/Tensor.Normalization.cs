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
    /// <exception cref="ShapeException">The last axes, the weight or the bias have another shape.</exception>
    /// <exception cref="DeviceMismatchException">The operands live on different devices.</exception>
    public Tensor LayerNorm(Shape normalized, Tensor? weight = null, Tensor? bias = null, float epsilon = 1e-5f) =>
        LayerNormOp.Apply(this, normalized, weight, bias, epsilon);

    /// <summary>
    /// Zeroes elements at random and divides the others by 1 - p, so that the mean stays (Srivastava et al. 2014). Without an open
    /// tape, which is inference, it returns this tensor.
    /// </summary>
    /// <param name="probability">The p of an element to become 0.</param>
    /// <param name="random">Where the random numbers come from; each call takes a new sequence of it.</param>
    /// <exception cref="ArgumentOutOfRangeException">The probability is not in [0, 1].</exception>
    public Tensor Dropout(float probability, RandomSource random) => DropoutOp.Apply(this, probability, random);
}
