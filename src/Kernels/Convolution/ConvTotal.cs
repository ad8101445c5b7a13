using ILGPU;

namespace GpuNets.Kernels;

/// <summary>dw[g, o, c, t] = (accumulate ? dw : 0) + the sums over the parts of the batch, in order; 0 where the mask is.</summary>
internal struct ConvTotal : IElementKernel
{
    public ArrayView<float> Sums, Weight;
    public ConvGeometry Conv;
    public StridedAxis Taps, Channels;

    /// <summary>Parts, and elements from one part, group, term and output to the next.</summary>
    public int Splits, SplitStep, GroupStep, TermStep, OutStep;

    /// <summary>Adds up sums [part][group][...] whose groups have so many terms times so many (padded) outputs.</summary>
    public static void Launch(TapConv conv, DeviceBuffer sums, int splits, int termStep, int outStep, int outs, DeviceBuffer dw, bool accumulate) =>
        dw.Device.ForEach(
            new ConvTotal
            {
                Sums = sums.Floats,
                Weight = dw.Floats,
                Conv = new ConvGeometry(dw.Device, conv, hasBias: false, accumulate),
                Taps = new StridedAxis(conv.Taps.Length, 0, 0),
                Channels = new StridedAxis(conv.In, 0, 0),
                Splits = splits,
                SplitStep = conv.Groups * conv.Terms * outs,
                GroupStep = conv.Terms * outs,
                TermStep = termStep,
                OutStep = outStep,
            },
            checked(conv.Groups * conv.Out * conv.Terms), 2f + splits);

    public readonly unsafe void Run<TLoop>(TLoop loop) where TLoop : struct, ILoop =>
        loop.Each(new Body { Total = this, Sums = Sums.Ptr(), Weight = Weight.Ptr(), Table = Conv.Taps.Ptr() });

    private unsafe struct Body : IElementBody
    {
        public ConvTotal Total;
        public float* Sums, Weight;
        public int* Table;

        public readonly void At<T>(int i) where T : struct, ILane<T>
        {
            for (int lane = i; lane < i + T.Count; lane++) One(lane);
        }

        private readonly void One(int index)
        {
            int rest = Total.Taps.Divide(index), t = index - rest * Total.Taps.Size;
            int output = Total.Channels.Divide(rest), c = rest - output * Total.Channels.Size;
            int group = Total.Conv.Outs.Divide(output), o = output - group * Total.Conv.Out, tap = Table[3 * t + 2];
            int from = group * Total.GroupStep + (c * Total.Taps.Size + t) * Total.TermStep + o * Total.OutStep;
            float sum = 0f;
            for (int s = 0; s < Total.Splits; s++)
            {
                sum += Sums[from];
                from += Total.SplitStep;
            }
            if (Total.Conv.Centre >= 0) sum *= Total.Conv.Allows(tap, c, o);
            int target = group * Total.Conv.WeightGroup + o * Total.Conv.WeightOut + c * Total.Conv.WeightIn + tap;
            if (Total.Conv.Accumulate != 0) sum += Weight[target];
            Weight[target] = sum;
        }
    }
}
