namespace GpuNets.Tests.Filters;

/// <summary>A noisy picture of three flat regions: a disc on a ground of two halves.</summary>
internal static class CrfPicture
{
    /// <summary>The region of every pixel, row by row: 0 left, 1 right, 2 the disc.</summary>
    public static int[] Regions(int height, int width)
    {
        int[] regions = new int[height * width];
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                bool disc = Math.Pow(y - height * 0.45, 2) + Math.Pow(x - width * 0.55, 2) < Math.Pow(Math.Min(height, width) * 0.3, 2);
                regions[y * width + x] = disc ? 2 : x < width / 2 ? 0 : 1;
            }
        }
        return regions;
    }

    /// <summary>Colours 0 to 255 with noise of deviation 10, [1, 3, H, W].</summary>
    public static Tensor Image(Device device, int height, int width)
    {
        float[][] colours = [[60, 90, 200], [180, 170, 60], [90, 200, 120]];
        int[] regions = Regions(height, width);
        var random = new Philox(5);
        return device.Tensor(
            [.. Enumerable.Range(0, 3 * regions.Length).Select(i => colours[regions[i % regions.Length]][i / regions.Length] + 10 * (float)random.Normal((uint)i))],
            (1, 3, height, width));
    }

    /// <summary>Positions by 3 pixels (two features), or positions by 20 pixels and colours by 13 (five), [1, d, H, W].</summary>
    public static Tensor Features(Device device, int height, int width, int dimensions)
    {
        float theta = dimensions == 2 ? 3 : 20;
        float[] places = [.. Enumerable.Range(0, 2 * height * width).Select(i => (i < height * width ? i % width : (i - height * width) / width) / theta)];
        var plane = device.Tensor(places, (1, 2, height, width));
        return dimensions == 2 ? plane : Tensor.Concatenate(1, plane, Image(device, height, width) * (1 / 13f));
    }
}
