namespace GpuNets.Models;

/// <summary>What a <see cref="VggFrontEnd"/> does with pool4 and pool5 of VGG-16.</summary>
public enum VggPooling
{
    /// <summary>Leaves them out; conv5 has dilation 2 and fc6 dilation 4; stride 8: the paper.</summary>
    Removed,

    /// <summary>
    /// Keeps them with stride 1, pool5 with dilation 2; conv5 has dilation 2 and fc6 dilation 4; stride 8, as in DeepLab. It is the network of
    /// <see cref="Strided"/> evaluated at every cell.
    /// </summary>
    Dense,

    /// <summary>Keeps them with stride 2; nothing is dilated; stride 32: VGG-16 itself, as in FCN-32s.</summary>
    Strided,
}
