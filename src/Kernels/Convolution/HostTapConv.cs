using System.Runtime.Intrinsics;

namespace GpuNets.Kernels;

/// <summary>
/// A <see cref="TapConv"/> on the host's cores: rows of a register tile are output channels, its columns neighbouring grid points, and the
/// terms of its sums (channel, tap) are read in place from the laid-out source, some rows and channels of which fit the second cache.
/// Nothing is multiplied out to columns. A sum is added in the order of channels and taps however the work is cut, so results do not
/// depend on the number of threads.
/// </summary>
internal static unsafe class HostTapConv
{
    private static readonly bool s_wide = Vector512.IsHardwareAccelerated;

    /// <summary>target = (or +=) the sums; then f(target + bias) if there is a bias or an f, for problems that cover their target.</summary>
    public static void Run(
        Device device, TapConv conv, DeviceBuffer source, DeviceBuffer weight, DeviceBuffer target, DeviceBuffer? bias, Activation activation, bool accumulate)
    {
        if (s_wide) Run<Tile512, Lane512>(device, conv, source, weight, target, bias, activation, accumulate);
        else Run<Tile256, Lane256>(device, conv, source, weight, target, bias, activation, accumulate);
    }

    /// <summary>Runs with registers of a given width.</summary>
    public static void Run<TLanes, T>(
        Device device, TapConv conv, DeviceBuffer source, DeviceBuffer weight, DeviceBuffer target, DeviceBuffer? bias, Activation activation, bool accumulate)
        where TLanes : struct, IHostTileLanes<T> where T : struct, ILane<T>
    {
        device.Launches++;
        var plan = ConvPlan.Host(conv, TLanes.Rows, 2 * T.Count);
        var layout = new Lattice(conv, plan.Rows);
        var lattice = new HostLattice(conv, layout, source.Floats.Ptr(), plan.Images);
        var packed = device.Allocate(HostTapWeights.Length(conv), "packed weight of a convolution");
        var table = device.Allocate(plan.Channels * conv.Taps.Length, "offsets of taps");
        int[] offsets = layout.Offsets(lattice.Plane, lattice.Pitch);
        int* entries = table.Ints.Ptr();
        for (int c = 0, k = 0; c < plan.Channels; c++)
            foreach (int offset in offsets) entries[k++] = c * lattice.Channel + offset;
        float* weights = packed.Floats.Ptr();
        device.Workers.Run(
            ManyWeights(conv) ? Math.Min(conv.Groups * RowBlocks<TLanes, T>(conv), 2 * device.Workers.Count) : 1,
            new Pack<TLanes, T> { Conv = conv, Weight = weight.Floats.Ptr(), Packed = weights, Channels = plan.Channels, Threads = device.Workers.Count });
        var job = new HostTapJob<TLanes, T>
        {
            Conv = conv,
            Plan = plan,
            Lattice = lattice,
            Packed = weights,
            Offsets = entries,
            Target = target.Floats.Ptr(),
            Bias = bias is null ? null : bias.Floats.Ptr(),
            Activation = activation,
            Accumulate = accumulate,
        };
        if (conv.Flops / 100 < HostLaunch.ParallelThreshold)
            for (int i = 0; i < job.Parts; i++) job.Part(i);
        else
            device.Workers.Run(job.Parts, job);
        table.Free();
        packed.Free();
    }

    // Worth more than one thread: those of a depthwise convolution are not, whatever it costs to apply them.
    private static bool ManyWeights(TapConv conv) => conv.Flops > 1e7 && HostTapWeights.Length(conv) > 4096;

    private static int RowBlocks<TLanes, T>(TapConv conv) where TLanes : struct, IHostTileLanes<T> where T : struct, ILane<T> =>
        (conv.Out + TLanes.Rows - 1) / TLanes.Rows;

    private struct Pack<TLanes, T> : IHostJob where TLanes : struct, IHostTileLanes<T> where T : struct, ILane<T>
    {
        public TapConv Conv;
        public float* Weight, Packed;
        public int Channels, Threads;

        public readonly void Part(int index)
        {
            int blocks = RowBlocks<TLanes, T>(Conv), all = Conv.Groups * blocks;
            int parts = ManyWeights(Conv) ? Math.Min(all, 2 * Threads) : 1;
            for (int i = (int)((long)all * index / parts); i < (int)((long)all * (index + 1) / parts); i++)
            {
                int row = i % blocks * TLanes.Rows;
                HostTapWeights.Pack(Conv, Weight, i / blocks, row, Math.Min(TLanes.Rows, Conv.Out - row), Channels, Packed);
            }
        }
    }
}
