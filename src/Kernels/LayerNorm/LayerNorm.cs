namespace GpuNets.Kernels;

/// <summary>
/// Launches layer norm over rows of <c>columns</c> floats. Weight and bias are null where there are none. With groups, a sample is so
/// many rows behind each other, each normalised by itself, and weight and bias have a row for each group.
/// </summary>
internal static class LayerNorm
{
    /// <summary>A block of samples must be worth a pass over its partial sums; more blocks than this only feed the second stage.</summary>
    private const int FewestSamplesPerBlock = 8, MostBlocks = 128;

    /// <summary>y, and the mean and inverse deviation of each row.</summary>
    public static void Forward(
        DeviceBuffer x, DeviceBuffer? weight, DeviceBuffer? bias, DeviceBuffer y, DeviceBuffer mean, DeviceBuffer inverse,
        int columns, float epsilon, bool rectify, int groups = 1)
    {
        if (y.Length == 0) return;
        if (rectify) Forward<Rectifier>(x, weight, bias, y, mean, inverse, columns, epsilon, groups);
        else Forward<NoRectifier>(x, weight, bias, y, mean, inverse, columns, epsilon, groups);
    }

    /// <summary>dx unless it is null, and the sums of <see cref="Blocks"/> that dw and db are made of unless those are null.</summary>
    public static void Backward(
        DeviceBuffer x, DeviceBuffer? weight, DeviceBuffer? bias, DeviceBuffer mean, DeviceBuffer inverse, DeviceBuffer dy,
        DeviceBuffer? dx, DeviceBuffer? partial, int columns, bool rectify, int groups = 1)
    {
        if (x.Length == 0 || (dx is null && partial is null)) return;
        if (rectify) Backward<Rectifier>(x, weight, bias, mean, inverse, dy, dx, partial, columns, groups);
        else Backward<NoRectifier>(x, weight, bias, mean, inverse, dy, dx, partial, columns, groups);
    }

    /// <summary>Number of blocks that the samples are summed in. The same on every device: it decides the order of the sums.</summary>
    public static int Blocks(int samples) => (samples + PerBlock(samples) - 1) / PerBlock(samples);

    private static int PerBlock(int samples)
    {
        int blocks = Math.Clamp((samples + FewestSamplesPerBlock - 1) / FewestSamplesPerBlock, 1, MostBlocks);
        return Math.Max(1, (samples + blocks - 1) / blocks);
    }

    private static void Forward<TRectify>(
        DeviceBuffer x, DeviceBuffer? weight, DeviceBuffer? bias, DeviceBuffer y, DeviceBuffer mean, DeviceBuffer inverse,
        int columns, float epsilon, int groups) where TRectify : struct, IRectify
    {
        if (weight is null) Forward<NoAffine, TRectify>(x, x, x, y, mean, inverse, columns, epsilon, groups);
        else if (bias is null) Forward<WeightOnly, TRectify>(x, weight, weight, y, mean, inverse, columns, epsilon, groups);
        else Forward<WeightAndBias, TRectify>(x, weight, bias, y, mean, inverse, columns, epsilon, groups);
    }

    private static void Forward<TAffine, TRectify>(
        DeviceBuffer x, DeviceBuffer weight, DeviceBuffer bias, DeviceBuffer y, DeviceBuffer mean, DeviceBuffer inverse,
        int columns, float epsilon, int groups)
        where TAffine : struct, IAffine where TRectify : struct, IRectify => x.Device.ForRows(new LayerNormForward<TAffine, TRectify>
        {
            X = x.Floats,
            Weight = weight.Floats,
            Bias = bias.Floats,
            Y = y.Floats,
            Mean = mean.Floats,
            InverseDeviation = inverse.Floats,
            Columns = columns,
            Groups = groups,
            Epsilon = epsilon,
        }, y.Length / columns, columns);

    private static void Backward<TRectify>(
        DeviceBuffer x, DeviceBuffer? weight, DeviceBuffer? bias, DeviceBuffer mean, DeviceBuffer inverse, DeviceBuffer dy,
        DeviceBuffer? dx, DeviceBuffer? partial, int columns, int groups) where TRectify : struct, IRectify
    {
        if (weight is null) Backward<NoAffine, TRectify>(x, x, x, mean, inverse, dy, dx, partial, columns, groups);
        else if (bias is null) Backward<WeightOnly, TRectify>(x, weight, weight, mean, inverse, dy, dx, partial, columns, groups);
        else Backward<WeightAndBias, TRectify>(x, weight, bias, mean, inverse, dy, dx, partial, columns, groups);
    }

    private static void Backward<TAffine, TRectify>(
        DeviceBuffer x, DeviceBuffer weight, DeviceBuffer bias, DeviceBuffer mean, DeviceBuffer inverse, DeviceBuffer dy,
        DeviceBuffer? dx, DeviceBuffer? partial, int columns, int groups) where TAffine : struct, IAffine where TRectify : struct, IRectify
    {
        var device = x.Device;
        int rows = x.Length / columns, samples = rows / groups, perBlock = PerBlock(samples);
        var gradient = new LayerNormBackward<TAffine, TRectify>
        {
            X = x.Floats,
            Weight = weight.Floats,
            Bias = bias.Floats,
            Mean = mean.Floats,
            InverseDeviation = inverse.Floats,
            DY = dy.Floats,
            DX = (dx ?? x).Floats,
            Columns = columns,
            Groups = groups,
        };
        if (partial is null)
        {
            device.ForRows(gradient, rows, columns);
            return;
        }
        var affine = new LayerNormAffinePartial<TAffine, TRectify>
        {
            X = x.Floats,
            Weight = weight.Floats,
            Bias = bias.Floats,
            Mean = mean.Floats,
            InverseDeviation = inverse.Floats,
            DY = dy.Floats,
            Partial = partial.Floats,
            Samples = samples,
            Columns = columns,
            Groups = groups,
            SamplesPerBlock = perBlock,
        };
        if (dx is not null && device.Form is ExecutionForm.Host or ExecutionForm.Serial)
        {
            device.ForRows(
                new LayerNormBackwardBlocks<TAffine, TRectify> { Gradient = gradient, Affine = affine },
                Blocks(samples), columns, perBlock * groups * (40f + 0.8f * columns));
            return;
        }
        if (dx is not null) device.ForRows(gradient, rows, columns);
        device.ForRows(affine, Blocks(samples), columns, perBlock * groups * (10f + 0.3f * columns));
    }
}
