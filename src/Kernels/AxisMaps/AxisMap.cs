namespace GpuNets.Kernels;

/// <summary>Launches maps along the middle axis of x [outer, size, inner], which become y [outer, total, inner].</summary>
internal static class AxisMap
{
    /// <summary>Rows of at least so many floats go row by row.</summary>
    private const int LongRow = 16;

    public static void Forward<TMap>(in TMap map, DeviceBuffer x, DeviceBuffer y, int outer, int size, int total, int inner) where TMap : struct, IAxisMap
    {
        if (inner >= LongRow)
        {
            x.Device.ForRowElements(
                new AxisMapRows<TMap> { X = x.Floats, Y = y.Floats, Map = map, Size = size, Total = total, Inner = inner }, outer * total, inner);
            return;
        }
        x.Device.ForRowElements(
            new AxisMapElements<TMap> { X = x.Floats, Y = y.Floats, Map = map, Size = size, Total = total, Inner = new StridedAxis(inner, 0, 0) },
            outer, total * inner, 2f);
    }

    public static void Backward<TMap>(in TMap map, DeviceBuffer dy, DeviceBuffer dx, int outer, int size, int total, int inner) where TMap : struct, IAxisMap
    {
        float terms = 1f + (float)total / Math.Max(size, 1);
        if (inner >= LongRow && dx.Device.Form == ExecutionForm.Host)
        {
            dx.Device.ForHostRows(
                new HostAxisMapGradient<TMap> { DY = dy.Floats, DX = dx.Floats, Map = map, Size = size, Total = total, Inner = inner },
                outer * size, terms * (10f + 0.1f * inner));
            return;
        }
        if (inner >= LongRow)
        {
            dx.Device.ForRowElements(
                new AxisMapGradientRows<TMap> { DY = dy.Floats, DX = dx.Floats, Map = map, Size = size, Total = total, Inner = inner },
                outer * size, inner, 0.5f * terms);
            return;
        }
        dx.Device.ForRowElements(
            new AxisMapGradientElements<TMap> { DY = dy.Floats, DX = dx.Floats, Map = map, Size = size, Total = total, Inner = new StridedAxis(inner, 0, 0) },
            outer, size * inner, 3f * terms);
    }
}
