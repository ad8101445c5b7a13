namespace GpuNets;

/// <content>Sums over pairs.</content>
public partial class Tensor
{
    /// <summary>
    /// y[b] = sum over pairs (i, j) of a_L, where a_1 = relu(left[b, i] + right[b, j] + context[b]) and a_l = relu(W_l a_(l-1) + b_l).
    /// <see cref="GpuNets.PairSum"/> is the layer with parameters. Memory does not grow with the number of pairs, beyond
    /// what <see cref="PairSumOptions.KeptBytes"/> allows.
    /// </summary>
    /// <param name="left">What first members add to the first layer: [batch, objects, width].</param>
    /// <param name="right">What second members add, of the same shape.</param>
    /// <param name="context">What the example adds, [batch, width]; null for nothing.</param>
    /// <param name="weights">Weights W of the layers after the first, [out, in]; none is allowed.</param>
    /// <param name="biases">Their biases [out]; null entries for none.</param>
    /// <param name="options">Which pairs count, and sum or mean (widths are those of the weights); null for all, summed.</param>
    /// <returns>[batch, out].</returns>
    /// <exception cref="ShapeException">A shape does not fit.</exception>
    public static Tensor PairSum(
        Tensor left, Tensor right, Tensor? context, IReadOnlyList<Tensor> weights, IReadOnlyList<Tensor?> biases, PairSumOptions? options = null) =>
        PairSumOp.Apply(left, right, context, [.. weights], [.. biases], options ?? new PairSumOptions());
}
