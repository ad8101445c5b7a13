namespace GpuNets;

/// <summary>
/// Deviations of the two Gaussian kernels of a dense CRF over an image, and how they are filtered with. The defaults are for images of some 500
/// pixels; on smaller ones a theta_alpha of 80 reaches everywhere and mixes regions of like colours. On CamVid at 240x180, 10 and 8 with a
/// theta_gamma of 1.5 restored more of noisy labels than 80, 13 and 3: 96 against 66 of 100 pixels.
/// </summary>
public sealed record CrfKernels
{
    /// <summary>theta_alpha: deviation of positions in the bilateral kernel e^(-|dp|^2 / 2 alpha^2 - |dI|^2 / 2 beta^2), in pixels.</summary>
    public float ThetaAlpha { get; init; } = 80;

    /// <summary>theta_beta: deviation of colours in the bilateral kernel, in units of the image (0 to 255 for bytes).</summary>
    public float ThetaBeta { get; init; } = 13;

    /// <summary>theta_gamma: deviation of positions in the spatial kernel e^(-|dp|^2 / 2 gamma^2), in pixels.</summary>
    public float ThetaGamma { get; init; } = 3;

    /// <summary>
    /// By what the filters divide their sums. The equations of the paper do not divide; weights are commonly given for
    /// <see cref="FilterNormalization.Symmetric"/>, the default of the authors' code.
    /// </summary>
    public FilterNormalization Normalization { get; init; } = FilterNormalization.Symmetric;

    /// <summary>True sums over all pairs of pixels (<see cref="ExactGaussianFilter"/>): for small maps. False: a <see cref="PermutohedralLattice"/>.</summary>
    public bool Exact { get; init; }

    /// <summary>The filter over positions and colours of images.</summary>
    /// <param name="image">[N, channels, H, W]; only differences of its values count, so that it may have its mean subtracted.</param>
    /// <exception cref="ShapeException">The image has other axes.</exception>
    public GaussianFilter Bilateral(Tensor image)
    {
        Check(image);
        var places = Places(image, ThetaAlpha).BroadcastTo(image.Shape.With(1, 2));
        return Make(Tensor.Concatenate(1, places, image.Detach() * (1 / ThetaBeta)));
    }

    /// <summary>The filter over positions alone.</summary>
    /// <inheritdoc cref="Bilateral"/>
    public GaussianFilter Spatial(Tensor image)
    {
        Check(image);
        return Make(Places(image, ThetaGamma).BroadcastTo(image.Shape.With(1, 2)));
    }

    internal void Check(string owner)
    {
        Check(owner, ThetaAlpha, nameof(ThetaAlpha));
        Check(owner, ThetaBeta, nameof(ThetaBeta));
        Check(owner, ThetaGamma, nameof(ThetaGamma));
    }

    private static void Check(string owner, float theta, string name)
    {
        if (!(theta > 0 && float.IsFinite(theta))) throw new ArgumentOutOfRangeException(name, theta, $"{owner}: deviations of kernels must be positive.");
    }

    private GaussianFilter Make(Tensor features) => Exact ? new ExactGaussianFilter(features, Normalization) : new PermutohedralLattice(features, Normalization);

    private static void Check(Tensor image)
    {
        if (image.Shape.Rank != 4) throw new ShapeException("CrfKernels", $"expected an image [N, channels, H, W], got {image.Shape}.");
    }

    // x and y of every pixel, [1, 2, H, W].
    private static Tensor Places(Tensor image, float theta)
    {
        int height = image.Shape[2], width = image.Shape[3];
        float[] places = new float[2 * height * width];
        for (int y = 0, at = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++, at++)
            {
                places[at] = x / theta;
                places[height * width + at] = y / theta;
            }
        }
        return image.Device.Tensor(places, (1, 2, height, width));
    }
}
