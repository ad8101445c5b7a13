using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace GpuNets.Kernels;

/// <summary>
/// The gradient to the weight on the host's cores: dw[o, c, t] = sum over images and grid points of dy[o, point] x[c, point + tap t].
/// Rows of a register tile are input channels, read in place from the laid-out source at the tap's offset, its columns output
/// channels, for which dy is packed in panels; the sum runs over the points, between rows of the grid against zeros. Parts of the batch
/// have sums of their own, which are added in order: their number depends on sizes alone.
/// </summary>
internal static unsafe class HostTapGradient
{
    private static readonly bool s_wide = Vector512.IsHardwareAccelerated;

    /// <summary>Writes (or adds) the gradient of the weight of a forward problem.</summary>
    public static void Run(Device device, TapConv conv, DeviceBuffer source, DeviceBuffer dy, DeviceBuffer dw, bool accumulate)
    {
        if (s_wide) Run<Tile512, Lane512>(device, conv, source, dy, dw, accumulate);
        else Run<Tile256, Lane256>(device, conv, source, dy, dw, accumulate);
    }

    /// <summary>Runs with registers of a given width.</summary>
    public static void Run<TLanes, T>(Device device, TapConv conv, DeviceBuffer source, DeviceBuffer dy, DeviceBuffer dw, bool accumulate)
        where TLanes : struct, IHostTileLanes<T> where T : struct, ILane<T>
    {
        device.Launches++;
        var plan = ConvPlan.HostGradient(conv, TLanes.Rows, 2 * T.Count);
        var layout = new Lattice(conv, plan.Rows);
        var lattice = new HostLattice(conv, layout, source.Floats.Ptr(), plan.Images);
        int[] offsets = layout.Offsets(lattice.Plane, lattice.Pitch);
        var sums = device.Allocate(checked(plan.Splits * conv.Groups * conv.Terms * conv.Out), "partial gradients of a weight");
        fixed (int* taps = offsets)
        {
            var job = new HostTapGradientJob<TLanes, T>
            {
                Conv = conv,
                Plan = plan,
                Lattice = lattice,
                Offsets = taps,
                Gradient = dy.Floats.Ptr(),
                Sums = sums.Floats.Ptr(),
            };
            if (conv.Flops / 100 < HostLaunch.ParallelThreshold)
                for (int i = 0; i < job.Parts; i++) job.Part(i);
            else
                device.Workers.Run(job.Parts, job);
        }
        var total = new Total { Conv = conv, Sums = sums.Floats.Ptr(), Weight = dw.Floats.Ptr(), Splits = plan.Splits, Accumulate = accumulate };
        if (sums.Length < HostLaunch.ParallelThreshold)
            for (int i = 0; i < total.Parts; i++) total.Part(i);
        else
            device.Workers.Run(total.Parts, total);
        sums.Free();
    }

    /// <summary>dw[o, c, t] = (or +=) the sums [split][group][tap][c][o] over the splits, for a few o.</summary>
    private struct Total : IHostJob
    {
        private const int Block = 16;

        public TapConv Conv;
        public float* Sums, Weight;
        public int Splits;
        public bool Accumulate;

        private readonly int Blocks => (Conv.Out + Block - 1) / Block;

        public readonly int Parts => Conv.Groups * Blocks;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Part(int index)
        {
            int group = index / Blocks, first = index % Blocks * Block, count = Math.Min(Block, Conv.Out - first);
            nint split = (nint)Conv.Groups * Conv.Terms * Conv.Out;
            for (int c = 0; c < Conv.In; c++)
                for (int t = 0; t < Conv.Taps.Length; t++)
                {
                    float* from = Sums + (nint)group * Conv.Terms * Conv.Out + ((nint)t * Conv.In + c) * Conv.Out + first;
                    float* to = Weight + (nint)group * Conv.WeightGroup + (nint)first * Conv.WeightOut + (nint)c * Conv.WeightIn + Conv.Taps[t].Index;
                    for (int o = 0; o < count; o++, to += Conv.WeightOut)
                    {
                        float sum = from[o];
                        for (int s = 1; s < Splits; s++) sum += from[s * split + o];
                        if (Conv.Mask is not null && !Conv.Allows(Conv.Taps[t].Index, c, first + o)) sum = 0f;
                        *to = Accumulate ? *to + sum : sum;
                    }
                }
        }
    }
}
