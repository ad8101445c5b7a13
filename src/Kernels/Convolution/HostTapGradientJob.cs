using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace GpuNets.Kernels;

/// <summary>The parts of <see cref="HostTapGradient"/>: a part of the batch, one group, one panel of output channels.</summary>
internal unsafe struct HostTapGradientJob<TLanes, T> : IHostJob where TLanes : struct, IHostTileLanes<T> where T : struct, ILane<T>
{
    public TapConv Conv;
    public HostGradientPlan Plan;
    public HostLattice Lattice;
    public int* Offsets;
    public float* Gradient, Sums;

    private readonly int Panels => (Conv.Out + 2 * T.Count - 1) / (2 * T.Count);

    // Few outputs need but one register, and half the packing.
    private readonly int PanelWidth => Conv.Out <= T.Count ? T.Count : 2 * T.Count;

    public readonly int Parts => Plan.Splits * Conv.Groups * Panels;

    public readonly void Part(int index)
    {
        int width = 2 * T.Count, panel = index % Panels * width, group = index / Panels % Conv.Groups, split = index / Panels / Conv.Groups;
        int chunks = (Conv.Rows + Plan.Rows - 1) / Plan.Rows, units = (Conv.Batch + Plan.Images - 1) / Plan.Images * chunks;
        int panelLength = Plan.Images * Lattice.Height * Lattice.Pitch * PanelWidth;
        float* sums = Sums + ((nint)split * Conv.Groups + group) * Conv.Terms * Conv.Out + panel;
        float* dy = HostConvScratch.Take(panelLength + (Lattice.InPlace ? 0 : Plan.Channels * Lattice.Channel)), scratch = dy + panelLength;
        bool load = false;
        for (int unit = (int)((long)units * split / Plan.Splits); unit < (int)((long)units * (split + 1) / Plan.Splits); unit++, load = true)
        {
            int image = unit / chunks * Plan.Images, images = Math.Min(Plan.Images, Conv.Batch - image);
            int row = unit % chunks * Plan.Rows, rows = Math.Min(Plan.Rows, Conv.Rows - row);
            Pack(image, images, group, panel, row, rows, dy);
            for (int c = 0; c < Conv.In; c += Plan.Channels)
            {
                int channels = Math.Min(Plan.Channels, Conv.In - c);
                float* planes = Lattice.Take(image, images, group * Conv.In + c, channels, row, scratch);
                Multiply(planes, dy, images, rows, panel, channels, sums + (nint)c * Conv.Out, load);
            }
        }
    }

    // Some rows of the grid at a time, so that their panel stays in the first cache over all channels and taps.
    private readonly void Multiply(float* planes, float* dy, int images, int rows, int panel, int channels, float* sums, bool load)
    {
        int step = images > 1 ? rows : Plan.Terms, width = PanelWidth;
        // Equal blocks: 16 channels are twice 8 rows, not 12 and 4, whose sums would wait for each other.
        int blocks = (channels + TLanes.Rows - 1) / TLanes.Rows, block = (channels + blocks - 1) / blocks;
        for (int p = 0; p < rows; p += step)
        {
            int length = ((images - 1) * Lattice.Height + Math.Min(step, rows - p) - 1) * Lattice.Pitch + Conv.Columns;
            for (int c = 0; c < channels; c += block)
                for (int t = 0; t < Conv.Taps.Length; t++)
                    HostTiles.Run<TLanes, T>(
                        Math.Min(block, channels - c), Conv.Out - panel, length,
                        planes + (nint)c * Lattice.Channel + Offsets[t] + p * Lattice.Pitch, Lattice.Channel, 1, dy + (nint)p * Lattice.Pitch * width, width,
                        sums + ((nint)t * Conv.In + c) * Conv.Out, Conv.Out, load || p > 0, null);
        }
    }

    /// <summary>Panels [position of the lattice][output channel] of dy, zero between rows and images.</summary>
    private readonly void Pack(int image, int images, int group, int panel, int row, int rows, float* to)
    {
        int width = PanelWidth, count = Math.Min(width, Conv.Out - panel), plane = Conv.TargetPlane;
        for (int i = 0; i < images; i++)
        {
            float* from = Gradient + (((nint)image + i) * Conv.Groups * Conv.Out + group * Conv.Out + panel) * plane + row * Conv.TargetWidth;
            for (int p = 0; p < Lattice.Height; p++, to += Lattice.Pitch * width)
            {
                int columns = p < rows ? Conv.Columns : 0;
                if (columns > 0) HostPack.Panel(from + p * Conv.TargetWidth, plane, 1, count, columns, to, width);
                // The last row ends with the grid: nothing is read behind it.
                if (i < images - 1 || p < rows - 1) new Span<float>(to + columns * width, (Lattice.Pitch - columns) * width).Clear();
                else return;
            }
        }
    }
}
