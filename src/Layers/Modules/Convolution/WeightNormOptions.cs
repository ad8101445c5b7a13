namespace GpuNets;

/// <summary>
/// Weight normalisation of a layer (Salimans and Kingma 2016, arXiv:1602.07868): its weight is weight_g * weight_v / ||weight_v|| with one
/// length per output channel. Until <see cref="ConvLayer.Initialize"/> sees a batch, weight_g is 1.
/// </summary>
public sealed record WeightNormOptions
{
    /// <summary>Standard deviation of each output channel after <see cref="ConvLayer.Initialize"/>, before the activation.</summary>
    public float Deviation { get; init; } = 1f;

    /// <summary>Added to the variance of a channel by <see cref="ConvLayer.Initialize"/>.</summary>
    public float Epsilon { get; init; } = 1e-10f;
}
