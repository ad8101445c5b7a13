namespace GpuNets.Models;

/// <summary>How a <see cref="DilatedNetwork"/> goes from cells to pixels.</summary>
public enum ScoreUpsampling
{
    /// <summary>Not at all: one score per cell.</summary>
    None,

    /// <summary>On lines between cells; cell k lies on pixel k stride, pixels beyond the last cell have its value: the released VOC, CamVid and KITTI networks.</summary>
    Bilinear,

    /// <summary>
    /// A transposed convolution per class with kernel 2 stride and padding stride / 2 (16 and 4 for stride 8) that begins as bilinear interpolation
    /// between cells whose centres lie on the middle of their pixels: the released Cityscapes network.
    /// </summary>
    Transposed,
}
