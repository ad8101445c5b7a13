namespace GpuNets;

/// <summary>
/// Fully connected CRF over the pixels of images with Gaussian edge potentials (Kraehenbuehl and Koltun 2011, https://arxiv.org/abs/1210.5644):
/// sharpens score maps along the edges of the image. Has no parameters to train; <see cref="CrfRnn"/> has.
/// </summary>
public sealed class DenseCrf
{
    /// <summary>A CRF.</summary>
    /// <param name="options">Settings; null for the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">A deviation is not positive, a weight is no number, or the number of iterations is negative.</exception>
    /// <exception cref="ShapeException">The compatibility is not square.</exception>
    public DenseCrf(DenseCrfOptions? options = null) => Options = (options ?? new DenseCrfOptions()).Checked();

    /// <summary>Settings.</summary>
    public DenseCrfOptions Options { get; }

    /// <summary>Runs the mean-field iterations.</summary>
    /// <param name="logits">Scores or log-probabilities of a network: [N, C, H, W].</param>
    /// <param name="image">The images: [N, channels, H, W], in the units of the deviation of colours. Has no gradient.</param>
    /// <returns>
    /// Logits [N, C, H, W]: <c>.Softmax(1)</c> makes the marginals Q of them, <c>.ArgMax(1)</c> the label map. With Potts labels they are given
    /// up to a number per pixel.
    /// </returns>
    /// <exception cref="ShapeException">Logits and image do not fit each other, or the compatibility has another number of classes.</exception>
    public Tensor Forward(Tensor logits, Tensor image)
    {
        MeanField.Check("DenseCrf", logits, image);
        var device = logits.Device;
        int classes = logits.Shape[1];
        Tensor? compatibility = null;
        if (Options.Compatibility is { } mu)
        {
            if (mu.GetLength(0) != classes) throw new ShapeException("DenseCrf", $"the compatibility of {mu.GetLength(0)} classes does not fit logits {logits.Shape}.");
            compatibility = device.Tensor([.. mu.Cast<float>().Select(cost => -cost)], (classes, classes));
        }
        var kernels = new List<(GaussianFilter, Tensor)>();
        if (Options.BilateralWeight != 0) kernels.Add((Options.Kernels.Bilateral(image), device.Full(1, Options.BilateralWeight)));
        if (Options.SpatialWeight != 0) kernels.Add((Options.Kernels.Spatial(image), device.Full(1, Options.SpatialWeight)));
        return MeanField.RunMaps(logits, kernels.ToArray(), compatibility, Options.Iterations);
    }

    /// <inheritdoc/>
    public override string ToString() =>
        $"DenseCrf(bilateral {Options.BilateralWeight}, spatial {Options.SpatialWeight}, {(Options.Compatibility is null ? "Potts" : "matrix")}, {Options.Iterations} iterations)";
}
