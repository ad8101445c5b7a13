namespace GpuNets.Kernels;

/// <summary>Launches the cross-entropy of rows of logits with labels.</summary>
internal static partial class CrossEntropy
{
    /// <summary>The losses of rows, each on its own.</summary>
    /// <param name="x">Logits [rows, classes].</param>
    /// <param name="labels">Classes [rows].</param>
    /// <param name="losses">Receives the loss of each row, 0 if it is ignored.</param>
    /// <param name="shift">Receives the maximum of each row.</param>
    /// <param name="sum">Receives the sum of e^(x - shift) of each row.</param>
    /// <param name="counted">Receives 1 for each row, 0 if it is ignored.</param>
    /// <param name="classes">Number of classes.</param>
    /// <param name="ignored">Label of rows that do not count.</param>
    /// <param name="smoothing">Part of the target that is spread over all classes.</param>
    public static void Rows(
        DeviceBuffer x, DeviceBuffer labels, DeviceBuffer losses, DeviceBuffer shift, DeviceBuffer sum, DeviceBuffer counted, int classes, int ignored,
        float smoothing) =>
        x.Device.ForWholeRows(
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
            labels.Length, classes, 40f + 0.6f * classes);

    /// <summary>loss = sum of the rows' losses, divided by the number of rows that count for the mean; count receives the divisor.</summary>
    public static void Total(DeviceBuffer losses, DeviceBuffer counted, DeviceBuffer loss, DeviceBuffer count, bool mean)
    {
        int rows = losses.Length;
        if (rows == 0)
        {
            Fill.Launch(count, mean ? 0f : 1f);
            Fill.Launch(loss, mean ? float.NaN : 0f);
            return;
        }
        Reduction.Run<SumOf>(losses, loss, AllRows(rows));
        if (mean)
        {
            Reduction.Run<SumOf>(counted, count, AllRows(rows));
            Binary.Forward<Divide>(new Broadcast("CrossEntropy", 1, 1), loss, count, loss);
        }
        else
        {
            Fill.Launch(count, 1f);
        }
    }

    /// <summary>dx = dy (one number, or one per row) times the gradient of the loss; dx may be the buffer of x.</summary>
    public static void Backward(
        DeviceBuffer x, DeviceBuffer labels, DeviceBuffer shift, DeviceBuffer sum, DeviceBuffer count, DeviceBuffer dy, bool perRow, DeviceBuffer dx,
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
                PerRow = perRow ? 1 : 0,
                Smoothing = smoothing,
            },
            labels.Length, classes, 40f + 0.4f * classes);

    private static ReduceAxes AllRows(int rows)
    {
        var axes = new ReduceAxes();
        axes.Add(rows, reduced: true);
        return axes;
    }
}
