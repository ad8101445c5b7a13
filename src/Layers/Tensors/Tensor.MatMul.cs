namespace GpuNets;

public partial class Tensor
{
    /// <summary>
    /// Matrix products of the last two axes: y[..., i, j] = f(sum_k x[..., i, k] w[..., k, j] + bias[j] + r[..., i, j]). Leading axes are batches and
    /// broadcast as in NumPy, so that [8, 3, 5] times [5, 7] is [8, 3, 7].
    /// </summary>
    /// <param name="other">w: [..., K, N], or [..., N, K] with <paramref name="transposeOther"/>.</param>
    /// <param name="transposeThis">This tensor is [..., K, M] instead of [..., M, K].</param>
    /// <param name="transposeOther">The other tensor is [..., N, K], as the weight of a linear layer is.</param>
    /// <param name="bias">[N], added to every row; null for none.</param>
    /// <param name="activation">The function f.</param>
    /// <param name="residual">r, of the shape of y: a shortcut that the product adds on its way out, which saves a pass; null for none.</param>
    /// <exception cref="ShapeException">An operand has fewer than two axes, or the sizes do not fit.</exception>
    /// <exception cref="DeviceMismatchException">The operands live on different devices.</exception>
    public Tensor MatMul(
        Tensor other, bool transposeThis = false, bool transposeOther = false, Tensor? bias = null, Activation activation = Activation.Identity,
        Tensor? residual = null) =>
        MatMulOp.Apply(this, other, transposeThis, transposeOther, bias, activation, residual);
}
