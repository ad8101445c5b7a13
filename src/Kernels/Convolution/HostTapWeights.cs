using System.Runtime.CompilerServices;

namespace GpuNets.Kernels;

/// <summary>
/// The weight in the order in which the register tile reads it: [group][channel block][row block][term][row], terms (channel, tap) with
/// taps that do not exist left out, rows of up to a tile. A weight that the mask takes out is zero.
/// </summary>
internal static unsafe class HostTapWeights
{
    /// <summary>Floats of the packed weight.</summary>
    public static int Length(TapConv conv) => checked(conv.Groups * conv.Out * conv.Terms);

    /// <summary>Where the block of rows from <paramref name="row"/> on begins for a block of channels.</summary>
    public static nint Offset(TapConv conv, int group, int channel, int channels, int row) =>
        (nint)group * conv.Out * conv.Terms + (nint)conv.Out * channel * conv.Taps.Length + (nint)row * channels * conv.Taps.Length;

    /// <summary>Packs the rows from <paramref name="row"/> on of one group.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Pack(TapConv conv, float* weight, int group, int row, int rows, int channelBlock, float* packed)
    {
        var taps = conv.Taps;
        for (int c0 = 0; c0 < conv.In; c0 += channelBlock)
        {
            int channels = Math.Min(channelBlock, conv.In - c0);
            float* to = packed + Offset(conv, group, c0, channels, row);
            for (int c = c0; c < c0 + channels; c++)
                for (int t = 0; t < taps.Length; t++, to += rows)
                {
                    float* from = weight + (nint)group * conv.WeightGroup + (nint)row * conv.WeightOut + (nint)c * conv.WeightIn + taps[t].Index;
                    if (conv.Mask is null) for (int r = 0; r < rows; r++) to[r] = from[(nint)r * conv.WeightOut];
                    else for (int r = 0; r < rows; r++) to[r] = conv.Allows(taps[t].Index, c, row + r) ? from[(nint)r * conv.WeightOut] : 0f;
                }
        }
    }
}
