namespace GpuNets.Training;

/// <summary>
/// A rectangle of a picture that goes on beyond its borders, mirrored at the last pixel, which is not repeated (reflect 101; a rectangle may
/// be wider than the picture, which then goes back and forth). The rectangle itself can be flipped left to right.
/// </summary>
internal readonly struct ImageWindow(int left, int top, int width, int height, bool flipped)
{
    /// <summary>Inputs of a network [3, height, width] by a table of values.</summary>
    public void Fill(RgbImage image, ImageNormalization normalization, ReadOnlySpan<float> levels, Span<float> planes)
    {
        int[] columns = Columns(0, 1, width);
        for (int i = 0; i < columns.Length; i++) columns[i] = 3 * Reflect(columns[i], image.Width);
        int plane = width * height;
        for (int channel = 0; channel < 3; channel++)
        {
            var level = levels.Slice(256 * channel, 256);
            int color = normalization.Bgr ? 2 - channel : channel;
            for (int y = 0; y < height; y++)
            {
                var row = image.Pixels.AsSpan(3 * image.Width * Reflect(top + y, image.Height) + color);
                var target = planes.Slice(channel * plane + y * width, width);
                for (int x = 0; x < target.Length; x++) target[x] = level[row[columns[x]]];
            }
        }
    }

    /// <summary>Labels of the pixels that outputs stand for; void beyond the picture.</summary>
    public void Sample(LabelMap map, CellGeometry geometry, Span<int> labels)
    {
        int rows = geometry.Cells(height);
        int[] columns = Columns(geometry.Margin, geometry.Stride, geometry.Cells(width));
        for (int k = 0; k < rows; k++)
        {
            int y = top + geometry.Margin + geometry.Stride * k;
            var target = labels.Slice(k * columns.Length, columns.Length);
            if ((uint)y >= (uint)map.Height)
            {
                target.Fill(LabelMap.Void);
                continue;
            }
            var row = map.Labels.AsSpan(y * map.Width, map.Width);
            for (int x = 0; x < target.Length; x++) target[x] = (uint)columns[x] < (uint)row.Length ? row[columns[x]] : LabelMap.Void;
        }
    }

    /// <summary>Place of an index in 0..size-1 when the picture is mirrored at its ends.</summary>
    public static int Reflect(int index, int size)
    {
        if (size == 1) return 0;
        int period = 2 * (size - 1), at = index % period;
        if (at < 0) at += period;
        return at < size ? at : period - at;
    }

    // Columns of the picture, which may lie outside of it, for every stride-th column of the rectangle.
    private int[] Columns(int first, int stride, int count)
    {
        int[] columns = new int[count];
        for (int k = 0; k < count; k++)
        {
            int x = first + stride * k;
            columns[k] = left + (flipped ? width - 1 - x : x);
        }
        return columns;
    }
}
