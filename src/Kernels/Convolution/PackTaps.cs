using ILGPU;

namespace GpuNets.Kernels;

/// <summary>The weight as a matrix [group][output][term], terms (channel, tap) with taps that do not exist left out; zero where the mask is.</summary>
internal struct PackTaps : IElementKernel
{
    public ArrayView<float> Weight, Packed;
    public ConvGeometry Conv;
    public StridedAxis Taps, Channels;

    /// <summary>The matrix: the weight itself where it is one already. Free the buffer afterwards if there is one.</summary>
    public static ArrayView<float> Of(TapConv conv, DeviceBuffer weight, out DeviceBuffer? packed)
    {
        packed = null;
        bool plain = conv.Mask is null && conv.WeightIn == conv.Taps.Length && conv.WeightOut == conv.Terms;
        for (int t = 0; t < conv.Taps.Length && plain; t++) plain = conv.Taps[t].Index == t;
        if (plain) return weight.Floats;
        packed = weight.Device.Allocate(checked(conv.Groups * conv.Out * conv.Terms), "packed weight of a convolution");
        weight.Device.ForEach(
            new PackTaps
            {
                Weight = weight.Floats,
                Packed = packed.Floats,
                Conv = new ConvGeometry(weight.Device, conv, hasBias: false, accumulate: false),
                Taps = new StridedAxis(conv.Taps.Length, 0, 0),
                Channels = new StridedAxis(conv.In, 0, 0),
            },
            packed.Length, 2f);
        return packed.Floats;
    }

    public readonly unsafe void Run<TLoop>(TLoop loop) where TLoop : struct, ILoop => loop.Each(
        new Body { Weight = Weight.Ptr(), Packed = Packed.Ptr(), Table = Conv.Taps.Ptr(), Conv = Conv, Taps = Taps, Channels = Channels });

    private unsafe struct Body : IElementBody
    {
        public float* Weight, Packed;
        public int* Table;
        public ConvGeometry Conv;
        public StridedAxis Taps, Channels;

        public readonly void At<T>(int i) where T : struct, ILane<T>
        {
            for (int lane = i; lane < i + T.Count; lane++)
            {
                int rest = Taps.Divide(lane), t = lane - rest * Taps.Size, output = Channels.Divide(rest), c = rest - output * Channels.Size;
                int group = Conv.Outs.Divide(output), o = output - group * Conv.Out, tap = Table[3 * t + 2];
                float value = Weight[group * Conv.WeightGroup + o * Conv.WeightOut + c * Conv.WeightIn + tap];
                if (Conv.Centre >= 0) value *= Conv.Allows(tap, c, o);
                Packed[lane] = value;
            }
        }
    }
}
