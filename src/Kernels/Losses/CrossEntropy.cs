namespace GpuNets.Kernels;

/// <summary>Launches the cross-entropy of rows of logits with labels.</summary>
internal static class CrossEntropy
{
    /// <summary>loss = sum of the rows' losses, divided by the number of rows that count for the mean.</summary>
    /// <param name="x">Logits [rows, classes].</param>
    /// <param name="labels">Classes [rows].</param>
    /// <param name="loss">One value.</param>
    /// <param name="shift">Receives the maximum of each row.</param>
    /// <param name="sum">Receives the sum of e^(x - shift) of each row.</param>
    /// <param name="count">Receives the divisor: the number of rows that count, or 1 for the sum.</param>
    /// <param name="classes">Number of classes.</param>
    /// <param name="ignored">Label of rows that do not count.</param>
    /// <param name="smoothing">Part of the target that is spread over all classes.</param>
    /// <param name="mean">Mean instead of sum.</param>
    public static void Forward(
        DeviceBuffer x, DeviceBuffer labels, DeviceBuffer loss, DeviceBuffer shift, DeviceBuffer sum, DeviceBuffer count,
        int classes, int ignored, float smoothing, bool mean)
    {
        var device = x.Device;
        int rows = labels.Length;
        if (rows == 0)
        {
            Fill.Launch(count, mean ? 0f : 1f);
            Fill.Launch(loss, mean ? float.NaN : 0f);
            return;
        }
        DeviceBuffer losses = device.Allocate(rows, "losses"), counted = device.Allocate(rows, "rows that count");
        device.ForRows(
            new CrossEntropyForward
            {
                X = x.Floats,
                Labels = labels.Ints,
                Loss = losses.Floats,
                Shift = shift.Floats,
                Sum = sum.Floats,
                Counted = counted.Floats,
                Classes = classes,
                Ignored = ignored,
                Smoothing = smoothing,
            },
            rows, classes, 40f + 0.6f * classes);
        Reduction.Run<SumOf>(losses, loss, Rows(rows));
        if (mean)
        {
            Reduction.Run<SumOf>(counted, count, Rows(rows));
            Binary.Forward<Divide>(new Broadcast("CrossEntropy", 1, 1), loss, count, loss);
        }
        else
        {
            Fill.Launch(count, 1f);
        }
        losses.Free();
        counted.Free();
    }

    /// <summary>dx = dy times the gradient of the loss.</summary>
    public static void Backward(
        DeviceBuffer x, DeviceBuffer labels, DeviceBuffer shift, DeviceBuffer sum, DeviceBuffer count, DeviceBuffer dy, DeviceBuffer dx,
        int classes, int ignored, float smoothing) =>
        x.Device.ForRows(
            new CrossEntropyBackward
            {
                X = x.Floats,
                Labels = labels.Ints,
                Shift = shift.Floats,
                Sum = sum.Floats,
                Count = count.Floats,
                DY = dy.Floats,
                DX = dx.Floats,
                Classes = classes,
                Ignored = ignored,
                Smoothing = smoothing,
            },
            labels.Length, classes, 40f + 0.4f * classes);

    private static ReduceAxes Rows(int rows)
    {
        var axes = new ReduceAxes();
        axes.Add(rows, reduced: true);
        return axes;
    }
}
