namespace GpuNets.Kernels;

/// <summary>Launches layer norm over rows of <c>columns</c> floats. Weight and bias are null where there are none.</summary>
internal static class LayerNorm
{
    /// <summary>A block of rows must be worth a pass over its partial sums; more blocks than this only feed the second stage.</summary>
    private const int FewestRowsPerBlock = 8, MostBlocks = 128;

    /// <summary>y, and the mean and inverse deviation of each row.</summary>
    public static void Forward(
        DeviceBuffer x, DeviceBuffer? weight, DeviceBuffer? bias, DeviceBuffer y, DeviceBuffer mean, DeviceBuffer inverse, int columns, float epsilon)
    {
        if (y.Length == 0) return;
        if (weight is null) Forward<NoAffine>(x, x, x, y, mean, inverse, columns, epsilon);
        else if (bias is null) Forward<WeightOnly>(x, weight, weight, y, mean, inverse, columns, epsilon);
        else Forward<WeightAndBias>(x, weight, bias, y, mean, inverse, columns, epsilon);
    }

    /// <summary>dx.</summary>
    public static void Backward(
        DeviceBuffer x, DeviceBuffer? weight, DeviceBuffer mean, DeviceBuffer inverse, DeviceBuffer dy, DeviceBuffer dx, int columns)
    {
        if (dx.Length == 0) return;
        if (weight is null) Backward<NoAffine>(x, x, mean, inverse, dy, dx, columns);
        else Backward<WeightOnly>(x, weight, mean, inverse, dy, dx, columns);
    }

    /// <summary>Number of blocks that the rows are summed in. The same on every device: it decides the order of the sums.</summary>
    public static int Blocks(int rows) => Math.Clamp((rows + FewestRowsPerBlock - 1) / FewestRowsPerBlock, 1, MostBlocks);

    /// <summary>Sums of blocks of rows: <paramref name="partial"/> has 2 <see cref="Blocks"/> columns floats. There must be a row.</summary>
    public static void AffinePartial(
        DeviceBuffer x, DeviceBuffer mean, DeviceBuffer inverse, DeviceBuffer dy, DeviceBuffer partial, int rows, int columns)
    {
        int perBlock = (rows + Blocks(rows) - 1) / Blocks(rows);
        var kernel = new LayerNormAffinePartial
        {
            X = x.Floats,
            Mean = mean.Floats,
            InverseDeviation = inverse.Floats,
            DY = dy.Floats,
            Partial = partial.Floats,
            Rows = rows,
            Columns = columns,
            RowsPerBlock = perBlock,
        };
        x.Device.ForRows(kernel, FilledBlocks(rows), columns, perBlock * (10f + 0.3f * columns));
    }

    /// <summary>dw (<paramref name="bias"/> false) or db from the sums of blocks.</summary>
    public static void AffineTotal(DeviceBuffer partial, DeviceBuffer total, bool bias, bool accumulate, int rows, int columns)
    {
        int offset = bias ? columns : 0, blocks = FilledBlocks(rows);
        if (accumulate)
            total.Device.ForEach(new SumBlocks<Accumulate> { Partial = partial.Floats, Total = total.Floats, Offset = offset, Pitch = 2 * columns, Blocks = blocks }, columns, 0.3f * blocks);
        else
            total.Device.ForEach(new SumBlocks<Write> { Partial = partial.Floats, Total = total.Floats, Offset = offset, Pitch = 2 * columns, Blocks = blocks }, columns, 0.3f * blocks);
    }

    /// <summary>Blocks that hold a row: rounding up the rows per block may leave the last ones without any.</summary>
    private static int FilledBlocks(int rows)
    {
        int perBlock = (rows + Blocks(rows) - 1) / Blocks(rows);
        return (rows + perBlock - 1) / perBlock;
    }

    private static void Forward<TAffine>(
        DeviceBuffer x, DeviceBuffer weight, DeviceBuffer bias, DeviceBuffer y, DeviceBuffer mean, DeviceBuffer inverse, int columns, float epsilon)
        where TAffine : struct, IAffine => x.Device.ForRows(new LayerNormForward<TAffine>
        {
            X = x.Floats,
            Weight = weight.Floats,
            Bias = bias.Floats,
            Y = y.Floats,
            Mean = mean.Floats,
            InverseDeviation = inverse.Floats,
            Columns = columns,
            Epsilon = epsilon,
        }, y.Length / columns, columns);

    private static void Backward<TAffine>(
        DeviceBuffer x, DeviceBuffer weight, DeviceBuffer mean, DeviceBuffer inverse, DeviceBuffer dy, DeviceBuffer dx, int columns)
        where TAffine : struct, IAffine => x.Device.ForRows(new LayerNormBackward<TAffine>
        {
            X = x.Floats,
            Weight = weight.Floats,
            Mean = mean.Floats,
            InverseDeviation = inverse.Floats,
            DY = dy.Floats,
            DX = dx.Floats,
            Columns = columns,
        }, dx.Length / columns, columns);
}
