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
        var device = x.Device;
        if (inner == 1)
        {
            device.ForRows(new ArgMaxRows { X = x.Floats, Y = y.Ints, Columns = count }, outer, count, 30f + 0.4f * count);
        }
        else if (device.Form == ExecutionForm.Serial)
        {
            int tiles = (inner + ArgMaxSweep.Width - 1) / ArgMaxSweep.Width;
            var best = device.Allocate(y.Length, "largest values");
            device.ForRows(
                new ArgMaxSweep { X = x.Floats, Best = best.Floats, Y = y.Ints, Classes = count, Inner = inner, Tiles = tiles },
                outer * tiles, ArgMaxSweep.Width, 0.5f * count * ArgMaxSweep.Width);
            best.Free();
        }
        else
        {
            device.ForRowElements(new ArgMaxPlanes { X = x.Floats, Y = y.Ints, Classes = count, Inner = inner }, outer, inner, 0.5f + 0.25f * count);
        }
    }
}
