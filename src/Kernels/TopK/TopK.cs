namespace GpuNets.Kernels;

/// <summary>Launches the selection of the first values of rows, and its gradient.</summary>
internal static class TopK
{
    /// <summary>Longest row: counts are exact floats up to here.</summary>
    public const int MostColumns = 1 << 24;

    /// <summary>values, indices [rows, k] = the k largest (or smallest) of each row of x [rows, columns], sorted.</summary>
    public static void Forward(DeviceBuffer x, DeviceBuffer values, DeviceBuffer indices, int columns, int k, bool largest)
    {
        if (values.Length == 0) return;
        var device = x.Device;
        int rows = values.Length / k;
        DeviceBuffer spareValues = device.Allocate(values.Length, "merged values"), spareIndices = device.Allocate(values.Length, "merged indices");
        var found = device.Allocate(checked(rows * 2 * TopKForward.MostMembers), "values found");
        device.ForWholeRows(
            new TopKForward
            {
                X = x.Floats,
                Values = values.Floats,
                SpareValues = spareValues.Floats,
                Indices = indices.Ints,
                SpareIndices = spareIndices.Ints,
                Found = found.Ints,
                Columns = columns,
                K = k,
                Largest = largest ? 1 : 0,
                Sign = largest ? 1f : -1f,
            },
            rows, columns, 500f + 0.2f * columns + 30f * k);
        spareValues.Free();
        spareIndices.Free();
        found.Free();
    }

    /// <summary>dx[row, indices[row, j]] += dy[row, j].</summary>
    public static void Backward(DeviceBuffer dy, DeviceBuffer indices, DeviceBuffer dx, int columns, int k)
    {
        if (dy.Length == 0) return;
        dx.Device.ForEach(
            new TopKBackward { DY = dy.Floats, DX = dx.Floats, Indices = indices.Ints, K = new StridedAxis(k, 0, 0), Columns = columns }, dy.Length, 3f);
    }
}
