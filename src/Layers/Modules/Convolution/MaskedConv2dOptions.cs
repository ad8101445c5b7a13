namespace GpuNets;

/// <summary>Settings of a <see cref="MaskedConv2d"/>.</summary>
public sealed record MaskedConv2dOptions : ConvOptions
{
    /// <summary>Whether a pixel sees itself.</summary>
    public ConvMaskType Type { get; init; } = ConvMaskType.B;

    /// <summary>
    /// Channels of the image that are generated one after the other (3 for RGB): channels of the layer belong to them in blocks of equal
    /// size, and the centre tap sees the earlier ones.
    /// </summary>
    public int Colors { get; init; } = 1;

    /// <summary>Step from one tap to the next; the padding keeps the size of the image.</summary>
    public Size2d Dilation { get; init; } = 1;
}
