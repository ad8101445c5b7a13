namespace GpuNets.Kernels;

/// <summary>
/// Launches softmax and log-softmax over one axis. Rows take one fused launch; another axis takes a few general ones, which stream
/// through memory instead of striding.
/// </summary>
/// <remarks>Plans broadcast the shape of x against the same shape with the axis reduced to 1.</remarks>
internal static class Softmax
{
    // An exponential and three passes over a row in cache.
    private const float NanosecondsPerElement = 0.45f;

    /// <summary>y = e^x / sum e^x along the axis.</summary>
    public static void Forward(in Broadcast plan, DeviceBuffer x, DeviceBuffer y)
    {
        if (y.Length == 0) return;
        var device = y.Device;
        if (plan.Missing(inA: false).IsRows(out int rows, out int columns))
        {
            device.ForWholeRows(new SoftmaxForward { X = x.Floats, Y = y.Floats, Columns = columns }, rows, columns, Cost(columns));
            return;
        }
        var perRow = device.Allocate(rows, "softmax rows");
        Reduction.Run<MaxOf>(x, perRow, plan.Missing(inA: false));
        Binary.Forward<ExpOfDifference>(plan, x, perRow, y);
        Reduction.Run<SumOf>(y, perRow, plan.Missing(inA: false));
        Binary.Forward<Divide>(plan, y, perRow, y);
        perRow.Free();
    }

    /// <summary>dx = y (dy - sum y dy).</summary>
    public static void Backward(in Broadcast plan, DeviceBuffer y, DeviceBuffer dy, DeviceBuffer dx)
    {
        if (dx.Length == 0) return;
        var device = dx.Device;
        if (plan.Missing(inA: false).IsRows(out int rows, out int columns))
        {
            device.ForWholeRows(new SoftmaxBackward { Y = y.Floats, DY = dy.Floats, DX = dx.Floats, Columns = columns }, rows, columns, Cost(columns));
            return;
        }
        var dot = device.Allocate(rows, "softmax rows");
        var same = new Broadcast("Softmax", dx.Length, dx.Length);
        Binary.Forward<Multiply>(same, y, dy, dx);
        Reduction.Run<SumOf>(dx, dot, plan.Missing(inA: false));
        Binary.Forward<Subtract>(plan, dy, dot, dx);
        Binary.Forward<Multiply>(same, dx, y, dx);
        dot.Free();
    }

    /// <summary>y = x - ln sum e^x along the axis.</summary>
    public static void LogForward(in Broadcast plan, DeviceBuffer x, DeviceBuffer y)
    {
        if (y.Length == 0) return;
        var device = y.Device;
        if (plan.Missing(inA: false).IsRows(out int rows, out int columns))
        {
            device.ForWholeRows(new LogSoftmaxForward { X = x.Floats, Y = y.Floats, Columns = columns }, rows, columns, Cost(columns));
            return;
        }
        DeviceBuffer shift = device.Allocate(rows, "log-softmax rows"), sum = device.Allocate(rows, "log-softmax rows");
        Reduction.ExpSum(plan, x, shift, sum);
        Elementwise.Forward<Log>(sum, sum);
        Binary.Forward<Subtract>(plan, x, shift, y);
        Binary.Forward<Subtract>(plan, y, sum, y);
        shift.Free();
        sum.Free();
    }

    /// <summary>dx = dy - e^y sum dy.</summary>
    public static void LogBackward(in Broadcast plan, DeviceBuffer y, DeviceBuffer dy, DeviceBuffer dx)
    {
        if (dx.Length == 0) return;
        var device = dx.Device;
        if (plan.Missing(inA: false).IsRows(out int rows, out int columns))
        {
            device.ForWholeRows(new LogSoftmaxBackward { Y = y.Floats, DY = dy.Floats, DX = dx.Floats, Columns = columns }, rows, columns, Cost(columns));
            return;
        }
        var sum = device.Allocate(rows, "log-softmax rows");
        Reduction.Run<SumOf>(dy, sum, plan.Missing(inA: false));
        Elementwise.Forward<Exp>(y, dx);
        Binary.Forward<Multiply>(plan, dx, sum, dx);
        Binary.Forward<Subtract>(new Broadcast("LogSoftmax", dx.Length, dx.Length), dy, dx, dx);
        sum.Free();
    }

    private static float Cost(int columns) => 10f + NanosecondsPerElement * columns;
}
