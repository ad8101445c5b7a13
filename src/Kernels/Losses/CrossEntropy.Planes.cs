namespace GpuNets.Kernels;

/// <content>Cross-entropy of maps, whose classes are planes.</content>
internal static partial class CrossEntropy
{
    /// <summary>As <see cref="Rows"/> along the middle axis of logits [outer, classes, inner]; labels and results are [outer, inner].</summary>
    public static void Planes(
        DeviceBuffer x, DeviceBuffer labels, DeviceBuffer losses, DeviceBuffer shift, DeviceBuffer sum, DeviceBuffer counted, int classes, int inner,
        int ignored, float smoothing)
    {
        if (labels.Length == 0) return;
        int outer = labels.Length / inner;
        float cost = 2f + 0.6f * classes;
        if (x.Device.Form == ExecutionForm.Serial)
        {
            int tiles = (inner + CrossEntropySweep.Width - 1) / CrossEntropySweep.Width;
            x.Device.ForRows(
                new CrossEntropySweep
                {
                    X = x.Floats,
                    Labels = labels.Ints,
                    Loss = losses.Floats,
                    Shift = shift.Floats,
                    Sum = sum.Floats,
                    Counted = counted.Floats,
                    Classes = classes,
                    Inner = inner,
                    Ignored = ignored,
                    Tiles = tiles,
                    Smoothing = smoothing,
                },
                outer * tiles, CrossEntropySweep.Width, CrossEntropySweep.Width * cost);
            return;
        }
        x.Device.ForRowElements(
            new CrossEntropyPlanesForward
            {
                X = x.Floats,
                Labels = labels.Ints,
                Loss = losses.Floats,
                Shift = shift.Floats,
                Sum = sum.Floats,
                Counted = counted.Floats,
                Classes = classes,
                Inner = inner,
                Ignored = ignored,
                Smoothing = smoothing,
            },
            outer, inner, cost);
    }

    /// <summary>The gradient of <see cref="Planes"/>; dx may be the buffer of x.</summary>
    public static void PlanesBackward(
        DeviceBuffer x, DeviceBuffer labels, DeviceBuffer shift, DeviceBuffer sum, DeviceBuffer count, DeviceBuffer dy, bool perPosition, DeviceBuffer dx,
        int classes, int inner, int ignored, float smoothing)
    {
        if (labels.Length == 0) return;
        int outer = labels.Length / inner;
        if (x.Device.Form == ExecutionForm.Serial)
        {
            x.Device.ForRowElements(
                new CrossEntropyPlaneBackward
                {
                    X = x.Floats,
                    Labels = labels.Ints,
                    Shift = shift.Floats,
                    Sum = sum.Floats,
                    Count = count.Floats,
                    DY = dy.Floats,
                    DX = dx.Floats,
                    Classes = classes,
                    Inner = inner,
                    Ignored = ignored,
                    PerPosition = perPosition ? 1 : 0,
                    Smoothing = smoothing,
                },
                outer * classes, inner);
            return;
        }
        x.Device.ForRowElements(
            new CrossEntropyPlanesBackward
            {
                X = x.Floats,
                Labels = labels.Ints,
                Shift = shift.Floats,
                Sum = sum.Floats,
                Count = count.Floats,
                DY = dy.Floats,
                DX = dx.Floats,
                Classes = classes,
                Inner = inner,
                Ignored = ignored,
                PerPosition = perPosition ? 1 : 0,
                Smoothing = smoothing,
            },
            outer, inner, 2f + 0.5f * classes);
    }
}
