using ILGPU;

namespace GpuNets.Kernels;

/// <summary>A <see cref="TapConv"/> as kernels take it.</summary>
internal struct ConvGeometry
{
    public int Groups, In, Out, SourceHeight, SourceWidth, TargetWidth, TargetPlane, StepY, StepX;
    public int TargetStepY, TargetStepX, TargetStart, WeightOut, WeightIn, WeightGroup;

    /// <summary>The grid: image, group and output channel in one, rows, columns.</summary>
    public StridedAxis Rows, Columns, Outs;

    /// <summary>Taps, and how many there are: (row, column, index) each.</summary>
    public ArrayView<int> Taps;
    public int TapCount;

    /// <summary>Tap of the mask that exists for some channels alone, or -1; colours, and 1 if equal colours see each other.</summary>
    public int Centre, Colors, IncludesSelf, SwapsChannels;

    /// <summary>1 or 0: kernels take no bool.</summary>
    public int HasBias, Accumulate;

    public ConvGeometry(Device device, TapConv conv, bool hasBias, bool accumulate)
    {
        (Groups, In, Out) = (conv.Groups, conv.In, conv.Out);
        (SourceHeight, SourceWidth, TargetWidth, TargetPlane) = (conv.SourceHeight, conv.SourceWidth, conv.TargetWidth, conv.TargetPlane);
        (StepY, StepX, TargetStepY, TargetStepX) = (conv.StepY, conv.StepX, conv.TargetStepY, conv.TargetStepX);
        TargetStart = conv.TargetY * conv.TargetWidth + conv.TargetX;
        (WeightOut, WeightIn, WeightGroup) = (conv.WeightOut, conv.WeightIn, conv.WeightGroup);
        (Rows, Columns, Outs) = (new StridedAxis(conv.Rows, 0, 0), new StridedAxis(conv.Columns, 0, 0), new StridedAxis(conv.Out, 0, 0));
        Taps = device.Tables.Get(conv.Taps.Length == 0 ? [0] : [.. conv.Taps.SelectMany(tap => new[] { tap.Y, tap.X, tap.Index })]);
        TapCount = conv.Taps.Length;
        Centre = conv.Mask?.Centre ?? -1;
        Colors = conv.Mask?.Colors ?? 1;
        IncludesSelf = conv.Mask is { IncludesSelf: true } ? 1 : 0;
        SwapsChannels = conv.SwapsChannels ? 1 : 0;
        (HasBias, Accumulate) = (hasBias ? 1 : 0, accumulate ? 1 : 0);
    }

    /// <summary>Whether the mask leaves a weight: 1 or 0, to multiply it by.</summary>
    public readonly float Allows(int tap, int input, int output)
    {
        int from = input * Colors / In, to = output * Colors / Out;
        int distance = SwapsChannels != 0 ? from - to : to - from;
        return tap != Centre || distance + IncludesSelf > 0 ? 1f : 0f;
    }
}
