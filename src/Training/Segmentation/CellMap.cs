namespace GpuNets.Training;

/// <summary>
/// A value for each class at the cells of a grid over a picture: cell k of a row or column stands for pixel <c>Stride k</c>. Between cells
/// values are interpolated (bilinear); beyond the last cell they stay.
/// </summary>
/// <param name="Classes">Number of classes.</param>
/// <param name="Rows">Cells in a column.</param>
/// <param name="Columns">Cells in a row.</param>
/// <param name="Stride">Pixels from one cell to the next.</param>
/// <param name="Values">Values [classes, rows, columns].</param>
/// <exception cref="ArgumentException">A size is not positive, there are more than 255 classes, or the sizes do not hold the values.</exception>
public sealed record CellMap(int Classes, int Rows, int Columns, int Stride, float[] Values)
{
    /// <summary>Values [classes, rows, columns].</summary>
    public float[] Values { get; } =
        Classes is >= 1 and <= LabelMap.Void && Rows >= 1 && Columns >= 1 && Stride >= 1 && (long)Classes * Rows * Columns == Values.Length ? Values
        : throw new ArgumentException($"CellMap: {Classes} classes at {Rows}x{Columns} cells with stride {Stride} are not {Values.Length} values.", nameof(Values));

    /// <summary>The class of the largest value at each pixel of the picture; of equal ones the first.</summary>
    /// <param name="width">Width of the picture.</param>
    /// <param name="height">Height of the picture.</param>
    public LabelMap ArgMax(int width, int height)
    {
        var map = new LabelMap(width, height);
        // Buffers a thread, not a row: a picture has thousands of rows.
        Parallel.For(0, height, () => (Best: new float[width], Values: new float[width], Line: new float[Columns]), (y, _, buffers) =>
        {
            var labels = map.Labels.AsSpan(y * width, width);
            var (best, values, line) = buffers;
            Row(0, y, line, best);
            for (int k = 1; k < Classes; k++)
            {
                Row(k, y, line, values);
                for (int x = 0; x < width; x++)
                {
                    if (!(values[x] > best[x])) continue;
                    best[x] = values[x];
                    labels[x] = (byte)k;
                }
            }
            return buffers;
        }, _ => { });
        return map;
    }

    /// <summary>The values at each pixel of the picture [classes, height, width].</summary>
    /// <param name="width">Width of the picture.</param>
    /// <param name="height">Height of the picture.</param>
    public float[] Upsample(int width, int height)
    {
        float[] pixels = GC.AllocateUninitializedArray<float>(checked(Classes * height * width));
        Parallel.For(0, Classes * height, row => Row(row / height, row % height, new float[Columns], pixels.AsSpan(row * width, width)));
        return pixels;
    }

    /// <summary>Writes a safetensors file: <c>values</c> [classes, rows, columns] and <c>stride</c> [1].</summary>
    /// <param name="path">The file to create or replace.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path)
    {
        var state = new StateDict
        {
            StateTensor.From("values", [Classes, Rows, Columns], Values),
            StateTensor.From("stride", [1], (int[])[Stride]),
        };
        state.Save(path);
    }

    /// <summary>One row of pixels: first between the two rows of cells around it, then along them.</summary>
    private void Row(int label, int y, float[] line, Span<float> pixels)
    {
        int above = Math.Min(y / Stride, Rows - 1), below = Math.Min(above + 1, Rows - 1);
        float down = above == below ? 0f : (float)(y % Stride) / Stride;
        var upper = Values.AsSpan((label * Rows + above) * Columns, Columns);
        var lower = Values.AsSpan((label * Rows + below) * Columns, Columns);
        for (int j = 0; j < line.Length; j++) line[j] = upper[j] + down * (lower[j] - upper[j]);
        int x = 0;
        for (int j = 0; j < line.Length && x < pixels.Length; j++)
        {
            float value = line[j], slope = j + 1 < line.Length ? (line[j + 1] - value) / Stride : 0f;
            int end = j + 1 < line.Length ? Math.Min(x + Stride, pixels.Length) : pixels.Length;
            for (int i = 0; x < end; x++, i++) pixels[x] = value + i * slope;
        }
    }
}
