namespace GpuNets.Kernels;

/// <summary>The parts of <see cref="HostTapConv"/>: some images, one group, some rows of the grid.</summary>
internal unsafe struct HostTapJob<TLanes, T> : IHostJob where TLanes : struct, IHostTileLanes<T> where T : struct, ILane<T>
{
    public TapConv Conv;
    public HostConvPlan Plan;
    public HostLattice Lattice;
    public float* Packed, Target, Bias;
    public int* Offsets;
    public Activation Activation;
    public bool Accumulate;

    private readonly int Chunks => (Conv.Rows + Plan.Rows - 1) / Plan.Rows;

    public readonly int Parts => (Conv.Batch + Plan.Images - 1) / Plan.Images * Conv.Groups * Chunks;

    public readonly void Part(int index)
    {
        int chunks = Chunks, row = index % chunks * Plan.Rows, group = index / chunks % Conv.Groups, image = index / chunks / Conv.Groups * Plan.Images;
        int rows = Math.Min(Plan.Rows, Conv.Rows - row), images = Math.Min(Plan.Images, Conv.Batch - image);
        int sums = TLanes.Rows * 2 * T.Count;
        float* scratch = HostConvScratch.Take(sums + (Lattice.InPlace ? 0 : Plan.Channels * Lattice.Channel));
        for (int c = 0; c < Conv.In; c += Plan.Channels)
        {
            int channels = Math.Min(Plan.Channels, Conv.In - c);
            float* planes = Lattice.Take(image, images, group * Conv.In + c, channels, row, scratch + sums);
            bool load = Accumulate || c > 0;
            if (Plan.ByRows)
            {
                for (int i = 0; i < images && Conv.Out == 1; i++)
                    Rows(planes + i * Lattice.Height * Lattice.Pitch, image + i, group, row, rows, c, channels, load);
                for (int i = 0; i < images && Conv.Out > 1; i++)
                    for (int p = 0; p < rows; p++)
                        Row(planes + (i * Lattice.Height + p) * Lattice.Pitch, image + i, group, row + p, c, channels, load);
            }
            else
            {
                Lines(planes, image, images, group, row, rows, c, channels, load, scratch);
            }
        }
        Finish(image, images, group, row, rows);
    }

    /// <summary>Rows of the grid for one output channel, straight into the target.</summary>
    private readonly void Rows(float* b, int image, int group, int row, int rows, int channel, int channels, bool load) => HostTapRows.Run<TLanes, T>(
        channels * Conv.Taps.Length, Packed + HostTapWeights.Offset(Conv, group, channel, channels, 0), b, Lattice.Pitch, Offsets,
        Target + ((nint)image * Conv.Groups + group) * Conv.TargetPlane + (row + Conv.TargetY) * Conv.TargetWidth + Conv.TargetX,
        Conv.TargetWidth, rows, Conv.Columns, load);

    /// <summary>Tiles of one row of the grid, straight into the target.</summary>
    private readonly void Row(float* b, int image, int group, int row, int channel, int channels, bool load)
    {
        int width = 2 * T.Count, k = channels * Conv.Taps.Length, plane = Conv.TargetPlane;
        float* c = Target + ((nint)image * Conv.Groups + group) * Conv.Out * plane + (row + Conv.TargetY) * Conv.TargetWidth + Conv.TargetX;
        for (int j = 0; j < Conv.Columns; j += width)
            for (int o = 0; o < Conv.Out; o += TLanes.Rows)
            {
                int count = Math.Min(TLanes.Rows, Conv.Out - o);
                HostTiles.Run<TLanes, T>(
                    count, Conv.Columns - j, k, Packed + HostTapWeights.Offset(Conv, group, channel, channels, o), 1, count, b + j, Offsets,
                    c + (nint)o * plane + j, plane, load);
            }
    }

    /// <summary>Tiles over the lattice as one line, of several images if they are small; sums beside the grid are dropped.</summary>
    private readonly void Lines(float* b, int image, int images, int group, int row, int rows, int channel, int channels, bool load, float* sums)
    {
        int width = 2 * T.Count, k = channels * Conv.Taps.Length, plane = Conv.TargetPlane;
        int length = ((images - 1) * Lattice.Height + rows - 1) * Lattice.Pitch + Conv.Columns;
        var place = new HostTapPlace(Conv, Lattice.Height, Lattice.Pitch, rows)
        {
            Target = Target + ((nint)image * Conv.Groups + group) * Conv.Out * plane
                + (row * Conv.TargetStepY + Conv.TargetY) * Conv.TargetWidth + Conv.TargetX,
            Load = load,
        };
        for (int j = 0; j < length; j += width)
            for (int o = 0; o < Conv.Out; o += TLanes.Rows)
            {
                int count = Math.Min(TLanes.Rows, Conv.Out - o), columns = Math.Min(width, length - j);
                HostTiles.Run<TLanes, T>(
                    count, columns, k, Packed + HostTapWeights.Offset(Conv, group, channel, channels, o), 1, count, b + j, Offsets, sums, width, false);
                place.Store(sums, width, count, j, columns, (nint)o * plane);
            }
    }

    private readonly void Finish(int image, int images, int group, int row, int rows)
    {
        if (Bias == null && Activation == Activation.Identity) return;
        for (int i = image; i < image + images; i++)
            for (int o = group * Conv.Out; o < (group + 1) * Conv.Out; o++)
                HostBiasActivation.Apply(
                    Activation, Target + ((nint)i * Conv.Groups * Conv.Out + o) * Conv.TargetPlane + row * Conv.TargetWidth,
                    rows * Conv.TargetWidth, Bias == null ? 0f : Bias[o]);
    }
}
