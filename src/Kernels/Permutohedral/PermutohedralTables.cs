namespace GpuNets.Kernels;

/// <summary>What a filter on a permutohedral lattice needs, on the device. Buffers belong to the scope in which they were made.</summary>
/// <param name="Size">Sizes.</param>
/// <param name="Vertices">Number of vertices.</param>
/// <param name="Splat">Entries of each vertex, in pieces: rows are positions, edges entries.</param>
/// <param name="Slice">Entries of each position: rows are vertices, edges entries.</param>
/// <param name="Before">Neighbours along the axes of the blur, [corners, vertices]; -1 for none.</param>
/// <param name="After">Those on the other side.</param>
/// <param name="SplatWeights">Weights of entries on the way in.</param>
/// <param name="SliceWeights">Weights of entries on the way out.</param>
internal sealed record PermutohedralTables(
    PermutohedralSize Size, int Vertices, PermutohedralPieces Splat, SegmentLists Slice, DeviceBuffer Before, DeviceBuffer After,
    DeviceBuffer SplatWeights, DeviceBuffer SliceWeights)
{
    /// <summary>
    /// y [positions of all samples, columns] (+)= W_slice^T B_d ... B_0 W_splat x, or the transpose, which blurs in the other order and has
    /// the weights of the other side. Sums run in the order of sorted entries: the same bits each time.
    /// </summary>
    public void Filter(DeviceBuffer x, DeviceBuffer y, int columns, bool transposed, bool accumulate)
    {
        if (y.Length == 0) return;
        var device = y.Device;
        DeviceBuffer values = device.Allocate(checked(Vertices * columns), "lattice"), blurred = device.Allocate(values.Length, "lattice");
        var (weightsIn, weightsOut) = transposed ? (SliceWeights, SplatWeights) : (SplatWeights, SliceWeights);
        Splat.Run(x, weightsIn, values, columns);
        for (int step = 0; step < Size.Corners; step++)
        {
            int axis = transposed ? Size.Dimensions - step : step;
            device.ForWholeRows(
                new PermutohedralBlur
                {
                    X = values.Floats,
                    Y = blurred.Floats,
                    Before = Before.Ints,
                    After = After.Ints,
                    Columns = columns,
                    First = axis * Vertices,
                },
                Vertices, columns, 4f + 0.3f * columns);
            (values, blurred) = (blurred, values);
        }
        SegmentSum.Run(values, Slice, new EdgeWeight(weightsOut, 1, PerColumn: false), y, columns, mean: false, accumulate);
        values.Free();
        blurred.Free();
    }
}
