namespace GpuNets.Kernels;

/// <summary>Launches normalisations over sets of planes.</summary>
internal static class PlaneNorm
{
    /// <summary>y, mean and inverse deviation of each set. There must be elements.</summary>
    public static void Forward(
        in PlaneSets sets, DeviceBuffer x, in ChannelAffine affine, DeviceBuffer y, in SetStatistics statistics, bool rectify)
    {
        if (rectify) Forward<Rectifier>(sets, x, affine, y, statistics);
        else Forward<NoRectifier>(sets, x, affine, y, statistics);
    }

    /// <summary>y with given statistics.</summary>
    public static void Normalize(
        in PlaneSets sets, DeviceBuffer x, in ChannelAffine affine, DeviceBuffer y, DeviceBuffer mean, DeviceBuffer inverse, bool rectify)
    {
        if (rectify) Normalize<Rectifier>(sets, x, affine, y, mean, inverse);
        else Normalize<NoRectifier>(sets, x, affine, y, mean, inverse);
    }

    /// <summary>Fills slots [4, slots] and totals [4, sets] of <see cref="PlaneSums{TRectify}"/>, and dx unless it is null.</summary>
    public static void Backward(
        in PlaneSets sets, DeviceBuffer x, DeviceBuffer dy, in ChannelAffine affine, DeviceBuffer mean, DeviceBuffer inverse,
        DeviceBuffer slots, DeviceBuffer totals, DeviceBuffer? dx, bool ofStatistics, bool rectify)
    {
        if (rectify) Backward<Rectifier>(sets, x, dy, affine, mean, inverse, slots, totals, dx, ofStatistics);
        else Backward<NoRectifier>(sets, x, dy, affine, mean, inverse, slots, totals, dx, ofStatistics);
    }

    // One team per set needs a set for each core at least twice, or one core waits for the other.
    private static bool BySets(Device device, in PlaneSets sets) =>
        device.Form is ExecutionForm.Host or ExecutionForm.Serial && sets.Sets >= 2 * device.Info.Units;

    private static void Forward<TRectify>(
        in PlaneSets sets, DeviceBuffer x, in ChannelAffine affine, DeviceBuffer y, in SetStatistics statistics)
        where TRectify : struct, IRectify
    {
        var device = x.Device;
        var slots = device.Allocate(3 * sets.Slots, "moments of pieces");
        var moments = new PlaneMoments { X = x.Floats, Slots = slots.Floats, Sets = sets };
        var normalize = new PlaneNormalize<TRectify>
        {
            X = x.Floats,
            Y = y.Floats,
            Mean = statistics.Mean,
            Inverse = statistics.Inverse,
            Affine = affine,
            Sets = sets,
        };
        if (BySets(device, sets))
        {
            device.ForRows(
                new PlaneNormForward<TRectify> { Moments = moments, Statistics = statistics, Normalize = normalize },
                sets.Sets, sets.Size, 50f + sets.PlanesPerSet * (40f + 0.4f * sets.Size));
        }
        else
        {
            device.ForRows(new PieceMoments { Moments = moments }, sets.Planes * sets.Pieces, sets.PieceSize, 30f + 0.2f * sets.PieceSize);
            device.ForRows(new SetMoments { Moments = moments, Statistics = statistics }, sets.Sets, sets.SlotRun);
            device.ForRowElements(normalize, sets.Planes, sets.Size);
        }
        slots.Free();
    }

    private static void Normalize<TRectify>(
        in PlaneSets sets, DeviceBuffer x, in ChannelAffine affine, DeviceBuffer y, DeviceBuffer mean, DeviceBuffer inverse)
        where TRectify : struct, IRectify => x.Device.ForRowElements(new PlaneNormalize<TRectify>
        {
            X = x.Floats,
            Y = y.Floats,
            Mean = mean.Floats,
            Inverse = inverse.Floats,
            Affine = affine,
            Sets = sets,
        }, sets.Planes, sets.Size);

    private static void Backward<TRectify>(
        in PlaneSets sets, DeviceBuffer x, DeviceBuffer dy, in ChannelAffine affine, DeviceBuffer mean, DeviceBuffer inverse,
        DeviceBuffer slots, DeviceBuffer totals, DeviceBuffer? dx, bool ofStatistics) where TRectify : struct, IRectify
    {
        var device = x.Device;
        var sums = Sums<TRectify>(sets, x, dy, affine, mean, inverse, slots, totals);
        var gradient = new PlaneGradient<TRectify>
        {
            X = x.Floats,
            DY = dy.Floats,
            DX = (dx ?? totals).Floats,
            Mean = mean.Floats,
            Inverse = inverse.Floats,
            Totals = totals.Floats,
            Affine = affine,
            Sets = sets,
            OfStatistics = ofStatistics ? 1 : 0,
        };
        if (dx is not null && BySets(device, sets))
        {
            device.ForRows(
                new PlaneNormBackward<TRectify> { Sums = sums, Gradient = gradient },
                sets.Sets, sets.Size, 50f + sets.PlanesPerSet * (40f + 0.6f * sets.Size));
            return;
        }
        device.ForRows(new PieceSums<TRectify> { Sums = sums }, sets.Planes * sets.Pieces, sets.PieceSize, 30f + 0.3f * sets.PieceSize);
        device.ForRows(
            new SetSums { Sums = Sums<NoRectifier>(sets, x, dy, affine, mean, inverse, slots, totals) }, sets.Sets, sets.SlotRun);
        if (dx is not null) device.ForRowElements(gradient, sets.Planes, sets.Size, 0.4f);
    }

    private static PlaneSums<TRectify> Sums<TRectify>(
        in PlaneSets sets, DeviceBuffer x, DeviceBuffer dy, in ChannelAffine affine, DeviceBuffer mean, DeviceBuffer inverse,
        DeviceBuffer slots, DeviceBuffer totals) where TRectify : struct, IRectify => new()
        {
            X = x.Floats,
            DY = dy.Floats,
            Mean = mean.Floats,
            Inverse = inverse.Floats,
            Slots = slots.Floats,
            Totals = totals.Floats,
            Affine = affine,
            Sets = sets,
        };
}
