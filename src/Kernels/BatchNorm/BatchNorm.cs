namespace GpuNets.Kernels;

/// <summary>
/// Launches batch norm over x [samples, channels, size]: planes of some length one by one, short ones (and size 1) as columns of the
/// matrix [samples, channels size], where lanes and threads lie side by side.
/// </summary>
internal static class BatchNorm
{
    /// <summary>Planes of at least so many floats are worth a team's call.</summary>
    private const int LongPlane = 16;

    /// <summary>The host takes planes up to this length a few channels at a time; longer ones are worth a call each.</summary>
    private const int LongestShortPlane = 256;

    /// <summary>y, and mean and inverse deviation of each channel; running averages as <paramref name="statistics"/> says.</summary>
    public static void Forward(
        DeviceBuffer x, DeviceBuffer? weight, DeviceBuffer? bias, DeviceBuffer y, DeviceBuffer mean, DeviceBuffer inverse,
        in SetStatistics statistics, int samples, int channels, int size, bool rectify)
    {
        var affine = ChannelAffine.Of(weight, bias, x);
        if (ByFewChannels(x.Device, channels, size))
        {
            if (rectify) ForwardFew<Rectifier>(x, affine, y, statistics, samples, channels, size);
            else ForwardFew<NoRectifier>(x, affine, y, statistics, samples, channels, size);
            return;
        }
        if (size >= LongPlane)
        {
            PlaneNorm.Forward(PlaneSets.ByChannel(samples, channels, size), x, affine, y, statistics, rectify);
            return;
        }
        var device = x.Device;
        var blocks = Blocks(device, samples, channels * size);
        var partial = device.Allocate(2 * blocks.Blocks * blocks.Columns, "moments of blocks");
        device.ForRows(
            new ColumnMoments { X = x.Floats, Partial = partial.Floats, Blocks = blocks },
            blocks.Blocks * blocks.Tiles, blocks.Width, blocks.RowsPerBlock * (10f + 0.3f * blocks.Width));
        device.ForEach(
            new ChannelMoments { Partial = partial.Floats, Statistics = statistics, Blocks = blocks, Size = size }, channels, 0.5f * blocks.Blocks * size);
        partial.Free();
        NormalizeColumns(x, affine, y, mean, inverse, samples, channels, size, rectify);
    }

    /// <summary>y with given mean and inverse deviation.</summary>
    public static void Normalize(
        DeviceBuffer x, DeviceBuffer? weight, DeviceBuffer? bias, DeviceBuffer y, DeviceBuffer mean, DeviceBuffer inverse,
        int samples, int channels, int size, bool rectify)
    {
        var affine = ChannelAffine.Of(weight, bias, x);
        if (size >= LongPlane) PlaneNorm.Normalize(PlaneSets.ByChannel(samples, channels, size), x, affine, y, mean, inverse, rectify);
        else NormalizeColumns(x, affine, y, mean, inverse, samples, channels, size, rectify);
    }

    /// <summary>1 / sqrt(variance + epsilon).</summary>
    public static void Invert(DeviceBuffer variance, DeviceBuffer inverse, float epsilon) => inverse.Device.ForEach(
        new InverseDeviation { Variance = variance.Floats, Inverse = inverse.Floats, Epsilon = epsilon }, inverse.Length, 1f);

    /// <summary>dx unless it is null, and [2, channels] sums: dw, db. Totals has room for [4, channels].</summary>
    /// <param name="x">Input.</param>
    /// <param name="dy">Gradient of the output.</param>
    /// <param name="weight">Weight, or null.</param>
    /// <param name="bias">Bias, or null; the mask of a rectifier depends on it.</param>
    /// <param name="mean">Means of channels.</param>
    /// <param name="inverse">Inverse deviations of channels.</param>
    /// <param name="totals">Receives dw and db, one after the other.</param>
    /// <param name="dx">Receives the gradient of x, or null.</param>
    /// <param name="samples">Samples.</param>
    /// <param name="channels">Channels.</param>
    /// <param name="size">Elements of a plane.</param>
    /// <param name="ofStatistics">Mean and deviation are those of x.</param>
    /// <param name="rectify">y = max(z, 0).</param>
    public static void Backward(
        DeviceBuffer x, DeviceBuffer dy, DeviceBuffer? weight, DeviceBuffer? bias, DeviceBuffer mean, DeviceBuffer inverse,
        DeviceBuffer totals, DeviceBuffer? dx, int samples, int channels, int size, bool ofStatistics, bool rectify)
    {
        var affine = ChannelAffine.Of(weight, bias, x);
        if (dx is not null && ByFewChannels(x.Device, channels, size))
        {
            if (rectify) BackwardFew<Rectifier>(x, dy, affine, mean, inverse, totals, dx, samples, channels, size, ofStatistics);
            else BackwardFew<NoRectifier>(x, dy, affine, mean, inverse, totals, dx, samples, channels, size, ofStatistics);
        }
        else if (size >= LongPlane)
        {
            var sets = PlaneSets.ByChannel(samples, channels, size);
            var slots = x.Device.Allocate(4 * sets.Slots, "sums of pieces");
            PlaneNorm.Backward(sets, x, dy, affine, mean, inverse, slots, totals, dx, ofStatistics, rectify);
            slots.Free();
        }
        else if (rectify) BackwardColumns<Rectifier>(x, dy, affine, mean, inverse, totals, dx, samples, channels, size, ofStatistics);
        else BackwardColumns<NoRectifier>(x, dy, affine, mean, inverse, totals, dx, samples, channels, size, ofStatistics);
    }

    private static bool ByFewChannels(Device device, int channels, int size) => device.Form == ExecutionForm.Host
        && size is >= LongPlane and <= LongestShortPlane && channels >= 4 * HostChannels<Tile256, Lane256>.Block;

    private static int FewBlocks(int channels) => (channels + HostChannels<Tile256, Lane256>.Block - 1) / HostChannels<Tile256, Lane256>.Block;

    private static void ForwardFew<TRectify>(
        DeviceBuffer x, in ChannelAffine affine, DeviceBuffer y, in SetStatistics statistics, int samples, int channels, int size)
        where TRectify : struct, IRectify => x.Device.ForHostRows(
        new HostBatchNorm<TRectify>
        {
            X = x.Floats,
            Y = y.Floats,
            Statistics = statistics,
            Affine = affine,
            Samples = samples,
            Channels = channels,
            Size = size,
        },
        FewBlocks(channels), 1f * samples * size);

    private static void BackwardFew<TRectify>(
        DeviceBuffer x, DeviceBuffer dy, in ChannelAffine affine, DeviceBuffer mean, DeviceBuffer inverse, DeviceBuffer totals, DeviceBuffer dx,
        int samples, int channels, int size, bool ofStatistics) where TRectify : struct, IRectify => x.Device.ForHostRows(
        new HostBatchNormGradient<TRectify>
        {
            X = x.Floats,
            DY = dy.Floats,
            DX = dx.Floats,
            Mean = mean.Floats,
            Inverse = inverse.Floats,
            Totals = totals.Floats,
            Affine = affine,
            Samples = samples,
            Channels = channels,
            Size = size,
            OfStatistics = ofStatistics ? 1 : 0,
        },
        FewBlocks(channels), 2f * samples * size);

    // The host's rows of a tile stay in the second-level cache between the two passes over them.
    private static ColumnBlocks Blocks(Device device, int rows, int columns) =>
        new(rows, columns, device.Form == ExecutionForm.Host ? 1024 : 128);

    private static void NormalizeColumns(
        DeviceBuffer x, in ChannelAffine affine, DeviceBuffer y, DeviceBuffer mean, DeviceBuffer inverse, int samples, int channels, int size, bool rectify)
    {
        var numbers = Numbers(affine, mean, inverse, channels, size);
        int columns = channels * size;
        if (rectify) x.Device.ForRowElements(new ColumnNormalize<Rectifier> { X = x.Floats, Y = y.Floats, Numbers = numbers.Floats, Columns = columns }, samples, columns);
        else x.Device.ForRowElements(new ColumnNormalize<NoRectifier> { X = x.Floats, Y = y.Floats, Numbers = numbers.Floats, Columns = columns }, samples, columns);
        numbers.Free();
    }

    private static void BackwardColumns<TRectify>(
        DeviceBuffer x, DeviceBuffer dy, in ChannelAffine affine, DeviceBuffer mean, DeviceBuffer inverse,
        DeviceBuffer totals, DeviceBuffer? dx, int samples, int channels, int size, bool ofStatistics) where TRectify : struct, IRectify
    {
        var device = x.Device;
        int columns = channels * size;
        var numbers = Numbers(affine, mean, inverse, channels, size);
        var blocks = Blocks(device, samples, columns);
        var partial = device.Allocate(2 * blocks.Blocks * columns, "sums of blocks");
        device.ForRows(
            new ColumnSums<TRectify> { X = x.Floats, DY = dy.Floats, Numbers = numbers.Floats, Partial = partial.Floats, Blocks = blocks },
            blocks.Blocks * blocks.Tiles, blocks.Width, blocks.RowsPerBlock * (10f + 0.4f * blocks.Width));
        device.ForEach(new ChannelSums
        {
            Partial = partial.Floats,
            Inverse = inverse.Floats,
            Totals = totals.Floats,
            Affine = affine,
            Blocks = blocks,
            Size = size,
        }, channels, 0.5f * blocks.Blocks * size);
        partial.Free();
        if (dx is not null)
        {
            var less = Spread(totals.Slice(2 * channels, 2 * channels), 2 * channels, size);
            device.ForRowElements(new ColumnGradient<TRectify>
            {
                X = x.Floats,
                DY = dy.Floats,
                DX = dx.Floats,
                Numbers = numbers.Floats,
                Less = less.Floats,
                Columns = columns,
                OfStatistics = ofStatistics ? 1 : 0,
            }, samples, columns, 0.4f);
            less.Free();
        }
        numbers.Free();
    }

    /// <summary>[3, channels size]: mean, scale and bias of each column.</summary>
    private static DeviceBuffer Numbers(in ChannelAffine affine, DeviceBuffer mean, DeviceBuffer inverse, int channels, int size)
    {
        var numbers = mean.Device.Allocate(3 * channels, "numbers of channels");
        mean.Device.ForEach(new ChannelNumbers
        {
            Mean = mean.Floats,
            Inverse = inverse.Floats,
            Numbers = numbers.Floats,
            Affine = affine,
            Channels = channels,
        }, channels);
        var spread = Spread(numbers, 3 * channels, size);
        if (!ReferenceEquals(spread, numbers)) numbers.Free();
        return spread;
    }

    /// <summary>Each value so many times behind itself.</summary>
    private static DeviceBuffer Spread(DeviceBuffer values, int count, int times)
    {
        if (times == 1) return values;
        var spread = values.Device.Allocate(count * times, "numbers of columns");
        StridedCopy.Launch<Write>("BatchNorm", values, 0, spread, 0, [count, times], [1, 0], [times, 1]);
        return spread;
    }
}
