namespace GpuNets;

/// <summary>Masks of the PixelCNN (van den Oord et al. 2016, arXiv:1601.06759).</summary>
public enum ConvMaskType
{
    /// <summary>A pixel sees those before it in raster order: the first layer.</summary>
    A,

    /// <summary>A pixel sees itself, too: the layers after the first.</summary>
    B,
}
