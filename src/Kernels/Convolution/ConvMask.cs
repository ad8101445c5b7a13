namespace GpuNets.Kernels;

/// <summary>
/// The mask of an autoregressive convolution (van den Oord et al. 2016): in raster order the taps before the centre exist, those after
/// it do not, and the centre exists where the colour of the input channel comes before that of the output channel, or equals it if
/// <see cref="IncludesSelf"/>. Channels belong to colours in blocks of equal size.
/// </summary>
/// <param name="Centre">Index of the centre tap, which is the number of taps before it.</param>
/// <param name="Colors">Number of colours, 1 or more.</param>
/// <param name="IncludesSelf">Type B; false is type A, for the first layer.</param>
internal sealed record ConvMask(int Centre, int Colors, bool IncludesSelf)
{
    /// <summary>Leading taps that exist for some pair of channels; the others are not computed.</summary>
    public int Taps => Colors == 1 && !IncludesSelf ? Centre : Centre + 1;

    /// <summary>True if the centre exists for some pairs of channels alone.</summary>
    public bool SplitsCentre => Colors > 1;

    /// <summary>Whether the weight of a tap exists.</summary>
    public bool Allows(int tap, int input, int inputs, int output, int outputs)
    {
        if (tap != Centre) return tap < Centre;
        int from = input * Colors / inputs, to = output * Colors / outputs;
        return IncludesSelf ? from <= to : from < to;
    }
}
