namespace GpuNets.Kernels;

/// <summary>Launches the search for the first of the largest values along an axis.</summary>
internal static class ArgMax
{
    /// <summary>Longest axis: indices are exact floats up to here.</summary>
    public const int MostColumns = 1 << 24;

    /// <summary>y [outer, inner] = index of the largest value along the middle axis of x [outer, count, inner].</summary>
    public static void Launch(DeviceBuffer x, DeviceBuffer y, int outer, int count, int inner)
    {
        if (y.Length == 0) return;
        if (inner == 1)
            x.Device.ForRows(new ArgMaxRows { X = x.Floats, Y = y.Ints, Columns = count }, outer, count, 30f + 0.4f * count);
        else
            x.Device.ForRowElements(new ArgMaxPlanes { X = x.Floats, Y = y.Ints, Classes = count, Inner = inner }, outer, inner, 0.5f + 0.25f * count);
    }
}
