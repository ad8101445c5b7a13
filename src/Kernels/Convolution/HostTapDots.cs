using System.Runtime.Intrinsics;

namespace GpuNets.Kernels;

/// <summary>
/// The gradient to the weight on the host's cores where a group has one input or one output channel, which fills no tile: every weight is
/// a dot product of a line of dy and a line of the laid-out source at its tap's offset. A part is one group with all images, in order.
/// </summary>
internal static unsafe class HostTapDots
{
    public static void Run(Device device, TapConv conv, DeviceBuffer source, DeviceBuffer dy, DeviceBuffer dw, bool accumulate)
    {
        device.Launches++;
        var layout = new Lattice(conv, conv.Rows);
        var job = new Job
        {
            Conv = conv,
            Lattice = new HostLattice(conv, layout, source.Floats.Ptr(), 1),
            Dy = dy.Floats.Ptr(),
            Weight = dw.Floats.Ptr(),
            Accumulate = accumulate,
        };
        int[] offsets = layout.Offsets(job.Lattice.Plane, job.Lattice.Pitch);
        fixed (int* taps = offsets)
        {
            job.Offsets = taps;
            if (conv.Flops / 30 < HostLaunch.ParallelThreshold)
                for (int i = 0; i < conv.Groups; i++) job.Part(i);
            else
                device.Workers.Run(conv.Groups, job);
        }
    }

    private struct Job : IHostJob
    {
        public TapConv Conv;
        public HostLattice Lattice;
        public float* Dy, Weight;
        public int* Offsets;
        public bool Accumulate;

        public readonly void Part(int group)
        {
            int length = (Conv.Rows - 1) * Lattice.Pitch + Conv.Columns, weights = Conv.Out * Conv.Terms;
            float* sums = HostConvScratch.Take(weights + length + (nint)(Lattice.InPlace ? 0 : Conv.In * Lattice.Channel));
            float* line = sums + weights, scratch = line + length;
            new Span<float>(sums, weights).Clear();
            for (int n = 0; n < Conv.Batch; n++)
            {
                float* planes = Lattice.Take(n, 1, group * Conv.In, Conv.In, 0, scratch);
                for (int o = 0; o < Conv.Out; o++)
                {
                    float* dy = Dy + ((nint)n * Conv.Groups * Conv.Out + group * Conv.Out + o) * Conv.TargetPlane;
                    if (Lattice.Pitch != Conv.Columns) dy = Widen(dy, line);
                    for (int c = 0; c < Conv.In; c++)
                        for (int t = 0; t < Conv.Taps.Length; t++)
                            sums[(o * Conv.In + c) * Conv.Taps.Length + t] += Dot(planes + (nint)c * Lattice.Channel + Offsets[t], dy, length);
                }
            }
            for (int o = 0, i = 0; o < Conv.Out; o++)
                for (int c = 0; c < Conv.In; c++)
                    for (int t = 0; t < Conv.Taps.Length; t++, i++)
                    {
                        float sum = Conv.Allows(Conv.Taps[t].Index, c, o) ? sums[i] : 0f;
                        float* to = Weight + (nint)group * Conv.WeightGroup + (nint)o * Conv.WeightOut + (nint)c * Conv.WeightIn + Conv.Taps[t].Index;
                        *to = Accumulate ? *to + sum : sum;
                    }
        }

        /// <summary>Rows of dy as far apart as those of the lattice, zeros between them.</summary>
        private readonly float* Widen(float* dy, float* line)
        {
            for (int p = 0; p < Conv.Rows; p++)
            {
                new Span<float>(dy + p * Conv.Columns, Conv.Columns).CopyTo(new Span<float>(line + p * Lattice.Pitch, Conv.Columns));
                if (p + 1 < Conv.Rows) new Span<float>(line + p * Lattice.Pitch + Conv.Columns, Lattice.Pitch - Conv.Columns).Clear();
            }
            return line;
        }

        private static float Dot(float* x, float* y, int length)
        {
            var map = new Products { X = x, Y = y };
            return Vector512.IsHardwareAccelerated ? SimdTeam<Lane512>.Sum(length, map)
                : Vector256.IsHardwareAccelerated ? SimdTeam<Lane256>.Sum(length, map) : SimdTeam<Lane128>.Sum(length, map);
        }
    }
}
