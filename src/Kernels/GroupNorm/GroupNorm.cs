namespace GpuNets.Kernels;

/// <summary>
/// Launches group norm over x [samples, channels, size]: planes of some length one by one; short ones (and size 1) as a layer norm over
/// rows of a group, with weight and bias spread over the places.
/// </summary>
internal static class GroupNorm
{
    /// <summary>Planes of at least so many floats are worth a team's call.</summary>
    private const int LongPlane = 16;

    /// <summary>y, and mean and inverse deviation of each group of each sample. There must be elements.</summary>
    public static void Forward(
        DeviceBuffer x, DeviceBuffer? weight, DeviceBuffer? bias, DeviceBuffer y, DeviceBuffer mean, DeviceBuffer inverse,
        int samples, int channels, int size, int groups, float epsilon, bool rectify)
    {
        if (size >= LongPlane)
        {
            var statistics = new SetStatistics
            {
                Mean = mean.Floats,
                Inverse = inverse.Floats,
                RunningMean = mean.Floats,
                RunningVariance = mean.Floats,
                Epsilon = epsilon,
                Factor = StepFloat.Of(x.Device, 0f),
            };
            PlaneNorm.Forward(PlaneSets.ByGroup(samples, channels, size, groups), x, ChannelAffine.Of(weight, bias, x), y, statistics, rectify);
            return;
        }
        DeviceBuffer? weights = Spread(weight, channels, size), biases = Spread(bias, channels, size);
        LayerNorm.Forward(x, weights, biases, y, mean, inverse, channels / groups * size, epsilon, rectify, groups);
        Release(weights, weight);
        Release(biases, bias);
    }

    /// <summary>dx unless it is null; dw and db unless they are null, written or added.</summary>
    public static void Backward(
        DeviceBuffer x, DeviceBuffer dy, DeviceBuffer? weight, DeviceBuffer? bias, DeviceBuffer mean, DeviceBuffer inverse,
        DeviceBuffer? dx, (DeviceBuffer? Buffer, bool Add) dw, (DeviceBuffer? Buffer, bool Add) db,
        int samples, int channels, int size, int groups, bool rectify)
    {
        if (size >= LongPlane)
        {
            var sets = PlaneSets.ByGroup(samples, channels, size, groups);
            DeviceBuffer slots = x.Device.Allocate(4 * sets.Slots, "sums of pieces"), totals = x.Device.Allocate(4 * sets.Sets, "sums of groups");
            PlaneNorm.Backward(
                sets, x, dy, ChannelAffine.Of(weight, bias, x), mean, inverse, slots, totals, dx, ofStatistics: true, rectify);
            // Slots lie as [samples pieces, channels].
            if (dw.Buffer is not null) BlockSums.Launch(slots, 0, channels, samples * sets.Pieces, dw.Buffer, dw.Add);
            if (db.Buffer is not null) BlockSums.Launch(slots, sets.Slots, channels, samples * sets.Pieces, db.Buffer, db.Add);
            slots.Free();
            totals.Free();
            return;
        }
        int columns = channels * size, blocks = LayerNorm.Blocks(samples);
        DeviceBuffer? weights = Spread(weight, channels, size), biases = Spread(bias, channels, size);
        var partial = dw.Buffer is null && db.Buffer is null ? null : x.Device.Allocate(2 * blocks * columns, "partial sums of GroupNorm");
        LayerNorm.Backward(x, weights, biases, mean, inverse, dy, dx, partial, channels / groups * size, rectify, groups);
        Release(weights, weight);
        Release(biases, bias);
        if (partial is null) return;
        if (dw.Buffer is not null) Gather(partial, 0, columns, blocks, size, dw.Buffer, dw.Add);
        if (db.Buffer is not null) Gather(partial, columns, columns, blocks, size, db.Buffer, db.Add);
        partial.Free();
    }

    /// <summary>total = (or +=) the sums of blocks, and of the places of each channel.</summary>
    private static void Gather(DeviceBuffer partial, int offset, int columns, int blocks, int size, DeviceBuffer total, bool add)
    {
        if (size == 1)
        {
            BlockSums.Launch(partial, offset, 2 * columns, blocks, total, add);
            return;
        }
        DeviceBuffer places = total.Device.Allocate(columns, "gradient of places"), sum = total.Device.Allocate(total.Length, "gradient of channels");
        BlockSums.Launch(partial, offset, 2 * columns, blocks, places, accumulate: false);
        var axes = new ReduceAxes();
        axes.Add(total.Length, reduced: false);
        axes.Add(size, reduced: true);
        Reduction.Run<SumOf>(places, sum, axes);
        BlockSums.Launch(sum, 0, total.Length, 1, total, add);
        places.Free();
        sum.Free();
    }

    private static DeviceBuffer? Spread(DeviceBuffer? values, int channels, int size)
    {
        if (values is null || size == 1) return values;
        var spread = values.Device.Allocate(channels * size, "numbers of places");
        StridedCopy.Launch<Write>("GroupNorm", values, 0, spread, 0, [channels, size], [1, 0], [size, 1]);
        return spread;
    }

    private static void Release(DeviceBuffer? spread, DeviceBuffer? values)
    {
        if (!ReferenceEquals(spread, values)) spread?.Free();
    }
}
