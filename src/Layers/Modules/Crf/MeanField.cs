namespace GpuNets;

/// <summary>
/// Mean-field inference in a fully connected CRF (Kraehenbuehl and Koltun 2011, algorithm 1), on values whose classes lie side by side:
/// Q = softmax(L), m = sum over kernels of w_k K_k Q, L = U + m M^T, starting from L = U. M is the negative of the label compatibility mu; Potts
/// labels need none, because m - sum over labels of m, their -mu m, is m up to a number per pixel, which the softmax ignores.
/// </summary>
internal static class MeanField
{
    /// <summary>L after some iterations.</summary>
    /// <param name="unary">U, logits or log-probabilities: [N, P, C].</param>
    /// <param name="kernels">Filters K with weights w: one number, [1] or [C], or a matrix [C, C] that mixes labels.</param>
    /// <param name="compatibility">M: [C, C]; null for Potts labels.</param>
    /// <param name="iterations">Number of iterations.</param>
    public static Tensor Run(Tensor unary, ReadOnlySpan<(GaussianFilter Filter, Tensor Weight)> kernels, Tensor? compatibility, int iterations)
    {
        var logits = unary;
        for (int i = 0; i < iterations && kernels.Length > 0; i++)
        {
            var q = logits.Softmax();
            Tensor? message = null;
            foreach (var (filter, weight) in kernels)
            {
                var filtered = filter.FilterRows(q);
                var part = weight.Shape.Rank == 2 ? filtered.MatMul(weight, transposeOther: true) : filtered * weight;
                message = message is null ? part : message + part;
            }
            logits = compatibility is null ? unary + message! : message!.MatMul(compatibility, transposeOther: true, residual: unary);
        }
        return logits;
    }

    /// <summary>The same on maps [N, C, H, W].</summary>
    public static Tensor RunMaps(
        Tensor logits, ReadOnlySpan<(GaussianFilter Filter, Tensor Weight)> kernels, Tensor? compatibility, int iterations)
    {
        var rows = Run(logits.Reshape(logits.Shape[0], logits.Shape[1], -1).Transpose(), kernels, compatibility, iterations);
        return rows.Transpose().Reshape(logits.Shape.Dimensions);
    }

    /// <summary>Throws unless logits [N, C, H, W] and image [N, channels, H, W] fit each other.</summary>
    public static void Check(string owner, Tensor logits, Tensor image)
    {
        Op.CheckDevice(owner, logits.Device, image.Device);
        if (logits.Shape.Rank != 4 || logits.Count == 0) throw new ShapeException(owner, $"expected logits [N, C, H, W] with at least one element, got {logits.Shape}.");
        if (image.Shape.Rank != 4 || image.Shape[1] == 0 || logits.Shape.With(1, 1) != image.Shape.With(1, 1))
        {
            throw new ShapeException(owner,
                $"logits {logits.Shape} need an image [{logits.Shape[0]}, channels, {logits.Shape[2]}, {logits.Shape[3]}], got {image.Shape}; resize the one to the other.");
        }
    }
}
