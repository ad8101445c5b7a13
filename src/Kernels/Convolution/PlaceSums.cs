using ILGPU;

namespace GpuNets.Kernels;

/// <summary>target[n, o, grid point] = f((accumulate ? target : 0) + sums[n, o, line] + bias[o]), one launch row per row of the grid.</summary>
internal struct PlaceSums<TActivation> : IRowElementKernel where TActivation : struct, IUnaryOp
{
    public ArrayView<float> Sums, Target, Bias;

    /// <summary>Divides by the rows of the grid and by the channels of all groups.</summary>
    public StridedAxis Rows, Channels;
    public int Line, Pitch, Plane, Start, Step, RowStep, HasBias, Accumulate;

    public static void Launch(TapConv conv, DeviceBuffer sums, int line, int pitch, DeviceBuffer target, DeviceBuffer? bias, bool accumulate) =>
        target.Device.ForRowElements(
            new PlaceSums<TActivation>
            {
                Sums = sums.Floats,
                Target = target.Floats,
                Bias = (bias ?? target).Floats,
                Rows = new StridedAxis(conv.Rows, 0, 0),
                Channels = new StridedAxis(conv.Groups * conv.Out, 0, 0),
                Line = line,
                Pitch = pitch,
                Plane = conv.TargetPlane,
                Start = conv.TargetY * conv.TargetWidth + conv.TargetX,
                Step = conv.TargetStepX,
                RowStep = conv.TargetStepY * conv.TargetWidth,
                HasBias = bias is null ? 0 : 1,
                Accumulate = accumulate ? 1 : 0,
            },
            checked(conv.Batch * conv.Groups * conv.Out * conv.Rows), conv.Columns, 1f);

    public readonly unsafe void Run<TLoop>(int row, TLoop loop) where TLoop : struct, ILoop
    {
        int channel = Rows.Divide(row), p = row - channel * Rows.Size;
        loop.Each(new Body
        {
            Sums = Sums.Ptr() + (channel * Line + p * Pitch),
            Target = Target.Ptr() + (channel * Plane + Start + p * RowStep),
            Bias = Bias.Ptr() + (HasBias != 0 ? channel - Channels.Divide(channel) * Channels.Size : 0),
            Step = Step,
            HasBias = HasBias,
            Accumulate = Accumulate,
        });
    }

    private unsafe struct Body : IElementBody
    {
        public float* Sums, Target, Bias;
        public int Step, HasBias, Accumulate;

        public readonly void At<T>(int i) where T : struct, ILane<T>
        {
            for (int lane = i; lane < i + T.Count; lane++)
            {
                float sum = Sums[lane];
                if (HasBias != 0) sum += Bias[0];
                if (Accumulate != 0) sum += Target[lane * Step];
                Target[lane * Step] = TActivation.Forward(new Scalar(sum)).Value;
            }
        }
    }
}
