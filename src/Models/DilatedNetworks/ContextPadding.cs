namespace GpuNets.Models;

/// <summary>How a <see cref="ContextModule"/> keeps the size of its maps. The regimes differ near the borders only.</summary>
public enum ContextPadding
{
    /// <summary>Every layer pads by its dilation: the released networks for street scenes.</summary>
    PerLayer,

    /// <summary>The input is padded once by the receptive radius with zeros and no layer pads: the released network for VOC.</summary>
    InputZeros,

    /// <summary>The input is padded once by the receptive radius, mirrored at its edge pixels, which are not repeated; no layer pads.</summary>
    InputReflection,
}
