using ILGPU;

namespace GpuNets.Kernels;

/// <summary>
/// A <see cref="TapConv"/> with one thread per output, which tests every tap for the border: where there are few terms (one channel per
/// group), so that nothing is gained by sharing what was loaded. The baseline of the other forms. Taps are summed within channels, as there.
/// </summary>
internal struct DirectConv<TActivation> : IElementKernel where TActivation : struct, IUnaryOp
{
    public ArrayView<float> Source, Weight, Bias, Target;
    public ConvGeometry Conv;

    public static void Launch(
        TapConv conv, DeviceBuffer source, DeviceBuffer weight, DeviceBuffer target, DeviceBuffer? bias, bool accumulate) =>
        target.Device.ForEach(
            new DirectConv<TActivation>
            {
                Source = source.Floats,
                Weight = weight.Floats,
                Target = target.Floats,
                Bias = (bias ?? target).Floats,
                Conv = new ConvGeometry(target.Device, conv, bias is not null, accumulate),
            },
            checked(conv.Batch * conv.Groups * conv.Out * conv.Rows * conv.Columns), conv.Terms);

    public readonly unsafe void Run<TLoop>(TLoop loop) where TLoop : struct, ILoop =>
        loop.Each(new Body { Source = Source.Ptr(), Weight = Weight.Ptr(), Target = Target.Ptr(), Bias = Bias.Ptr(), Taps = Conv.Taps.Ptr(), Conv = Conv });

    private unsafe struct Body : IElementBody
    {
        public float* Source, Weight, Target, Bias;
        public int* Taps;
        public ConvGeometry Conv;

        public readonly void At<T>(int i) where T : struct, ILane<T>
        {
            for (int lane = 0; lane < T.Count; lane++) One(i + lane);
        }

        private readonly void One(int index)
        {
            int row = Conv.Columns.Divide(index), q = index - row * Conv.Columns.Size;
            int channel = Conv.Rows.Divide(row), p = row - channel * Conv.Rows.Size;
            int part = Conv.Outs.Divide(channel), o = channel - part * Conv.Out, group = part % Conv.Groups;
            int source = part * Conv.In * Conv.SourceHeight * Conv.SourceWidth, weight = group * Conv.WeightGroup + o * Conv.WeightOut;
            float sum = 0f;
            for (int c = 0; c < Conv.In; c++)
            {
                for (int t = 0; t < Conv.TapCount; t++)
                {
                    int y = p * Conv.StepY + Taps[3 * t], x = q * Conv.StepX + Taps[3 * t + 1], tap = Taps[3 * t + 2];
                    bool inside = y >= 0 && y < Conv.SourceHeight && x >= 0 && x < Conv.SourceWidth;
                    float value = Source[source + (inside ? y * Conv.SourceWidth + x : 0)];
                    float factor = Weight[weight + tap];
                    if (Conv.Centre >= 0) factor *= Conv.Allows(tap, c, o);
                    sum += inside ? factor * value : 0f;
                }
                source += Conv.SourceHeight * Conv.SourceWidth;
                weight += Conv.WeightIn;
            }
            if (Conv.HasBias != 0) sum += Bias[group * Conv.Out + o];
            int target = channel * Conv.TargetPlane + Conv.TargetStart + p * Conv.TargetStepY * Conv.TargetWidth + q * Conv.TargetStepX;
            if (Conv.Accumulate != 0) sum += Target[target];
            Target[target] = TActivation.Forward(new Scalar(sum)).Value;
        }
    }
}
