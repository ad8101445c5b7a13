namespace GpuNets.Kernels;

/// <content>Gradients of reductions, and log-sum-exp.</content>
internal static partial class Reduction
{
    /// <summary>dx = slope(x, y, dy); <paramref name="plan"/> broadcasts the shape of x (first) against that of y with its reduced axes kept.</summary>
    public static void Gradient<TSlope>(
        in Broadcast plan, DeviceBuffer x, DeviceBuffer y, DeviceBuffer dy, DeviceBuffer dx, float factor = 1f) where TSlope : struct, IReduceSlope
    {
        if (plan.InnerMovesB) Gradient<TSlope, Along>(plan, x, y, dy, dx, factor);
        else Gradient<TSlope, Fixed>(plan, x, y, dy, dx, factor);
    }

    /// <summary>dx = dy where x is the maximum y, shared equally among equal maxima, else 0.</summary>
    public static void MaxGradient(in Broadcast plan, DeviceBuffer x, DeviceBuffer y, DeviceBuffer dy, DeviceBuffer dx)
    {
        if (dx.Length == 0) return;
        var device = dx.Device;
        DeviceBuffer ties = device.Allocate(y.Length, "number of maxima"), share = device.Allocate(y.Length, "gradient per maximum");
        // dx holds the marks first: no room of its size is needed besides.
        Gradient<IsMaximum>(plan, x, y, dy, dx);
        Run<SumOf>(dx, ties, plan.Missing(inA: false));
        Binary.Forward<Divide>(new Broadcast("Max", y.Length, y.Length), dy, ties, share);
        Gradient<MaxSlope>(plan, x, y, share, dx);
        ties.Free();
        share.Free();
    }

    /// <summary>
    /// y = ln of the sum of e^x over some axes; keeps shift and sum for the gradient. Contiguous rows take one launch, other axes the
    /// maximum, the exponentials and their sum.
    /// </summary>
    public static void LogSumExp(in Broadcast plan, DeviceBuffer x, DeviceBuffer y, DeviceBuffer shift, DeviceBuffer sum)
    {
        if (y.Length == 0) return;
        if (plan.Missing(inA: false).IsRows(out int rows, out int columns))
        {
            x.Device.ForWholeRows(
                new LogSumExpRows { X = x.Floats, Y = y.Floats, Shift = shift.Floats, Sum = sum.Floats, Columns = columns },
                rows, columns, 20f + 0.4f * columns);
            return;
        }
        ExpSum(plan, x, shift, sum);
        Binary.Forward<ShiftedLog>(new Broadcast("LogSumExp", y.Length, y.Length), shift, sum, y);
    }

    /// <summary>shift = maximum of x over some axes; sum = sum of e^(x - shift).</summary>
    public static void ExpSum(in Broadcast plan, DeviceBuffer x, DeviceBuffer shift, DeviceBuffer sum)
    {
        var exponentials = x.Device.Allocate(x.Length, "exponentials");
        Run<MaxOf>(x, shift, plan.Missing(inA: false));
        Elementwise.Forward<FiniteOrZero>(shift, shift);
        Binary.Forward<ExpOfDifference>(plan, x, shift, exponentials);
        Run<SumOf>(exponentials, sum, plan.Missing(inA: false));
        exponentials.Free();
    }

    /// <summary>dx = dy e^(x - shift) / sum.</summary>
    public static void LogSumExpGradient(in Broadcast plan, DeviceBuffer x, DeviceBuffer shift, DeviceBuffer sum, DeviceBuffer dy, DeviceBuffer dx)
    {
        if (dx.Length == 0) return;
        var share = dx.Device.Allocate(sum.Length, "gradient per sum");
        Binary.Forward<Divide>(new Broadcast("LogSumExp", sum.Length, sum.Length), dy, sum, share);
        Gradient<LogSumExpSlope>(plan, x, shift, share, dx);
        share.Free();
    }

    private static void Gradient<TSlope, TFetch>(in Broadcast plan, DeviceBuffer x, DeviceBuffer y, DeviceBuffer dy, DeviceBuffer dx, float factor)
        where TSlope : struct, IReduceSlope where TFetch : struct, IFetch
    {
        if (plan.IsFlat)
        {
            dx.Device.ForEach(
                new ReduceGradient<TSlope, TFetch> { X = x.Floats, Y = y.Floats, DY = dy.Floats, DX = dx.Floats, Factor = factor }, dx.Length);
            return;
        }
        if (BroadcastMatrix.Of(dx.Device, plan, out var matrix, out int count))
        {
            dx.Device.ForRowElements(
                new ReduceGradientMatrix<TSlope, TFetch> { X = x.Floats, Y = y.Floats, DY = dy.Floats, DX = dx.Floats, Matrix = matrix, Factor = factor },
                count, matrix.Columns);
            return;
        }
        var rows = new BroadcastRows(plan);
        dx.Device.ForRows(
            new ReduceGradientRows<TSlope, TFetch> { X = x.Floats, Y = y.Floats, DY = dy.Floats, DX = dx.Floats, Rows = rows, Factor = factor },
            rows.Count, rows.Chunk);
    }
}
