using GpuNets.Models;

namespace GpuNets.Tests.DilatedNetworks;

/// <summary>A context module in double precision, straight from equation 2: F(p) = b + sum over s + l t = p of F(s) k(t), then max(F, 0).</summary>
internal static class ContextReference
{
    public static double[] Forward(ContextModule module, float[] scores, int batch, int height, int width)
    {
        var options = module.Options;
        int radius = options.Dilations.Sum();
        bool padsInput = options.Padding != ContextPadding.PerLayer;
        int channels = options.Classes, h = height, w = width;
        double[] x = [.. scores.Select(v => (double)v)];
        if (padsInput) (x, h, w) = Pad(x, batch * channels, h, w, radius, options.Padding == ContextPadding.InputReflection);
        var parameters = module.Parameters;
        for (int layer = 0; layer <= options.Dilations.Count; layer++)
        {
            bool isLast = layer == options.Dilations.Count;
            int dilation = isLast ? 1 : options.Dilations[layer], reach = isLast ? 0 : dilation, padding = padsInput ? 0 : reach;
            float[] weight = parameters[2 * layer].ToArray(), bias = parameters[2 * layer + 1].ToArray();
            int outputs = bias.Length, side = isLast ? 1 : 3, outHeight = h + 2 * padding - 2 * reach, outWidth = w + 2 * padding - 2 * reach;
            double[] y = new double[batch * outputs * outHeight * outWidth];
            for (int i = 0; i < y.Length; i++)
            {
                int n = i / (outputs * outHeight * outWidth), b = i / (outHeight * outWidth) % outputs, row = i / outWidth % outHeight, column = i % outWidth;
                double sum = bias[b];
                for (int a = 0; a < channels; a++)
                {
                    for (int tap = 0; tap < side * side; tap++)
                    {
                        int r = row - padding + tap / side * dilation, c = column - padding + tap % side * dilation;
                        if (r >= 0 && r < h && c >= 0 && c < w) sum += weight[(b * channels + a) * side * side + tap] * x[((n * channels + a) * h + r) * w + c];
                    }
                }
                y[i] = options.Truncation && !isLast ? Math.Max(sum, 0) : sum;
            }
            (x, channels, h, w) = (y, outputs, outHeight, outWidth);
        }
        Assert.Equal((height, width), (h, w));
        return x;
    }

    private static (double[] Values, int Height, int Width) Pad(double[] x, int planes, int height, int width, int by, bool reflect)
    {
        int h = height + 2 * by, w = width + 2 * by;
        double[] y = new double[planes * h * w];
        for (int i = 0; i < y.Length; i++)
        {
            int row = i / w % h - by, column = i % w - by;
            if (reflect) (row, column) = (Mirror(row, height), Mirror(column, width));
            if (row >= 0 && row < height && column >= 0 && column < width) y[i] = x[(i / (h * w) * height + row) * width + column];
        }
        return (y, h, w);
    }

    private static int Mirror(int place, int size)
    {
        while (place < 0 || place >= size) place = place < 0 ? -place : 2 * (size - 1) - place;
        return place;
    }
}
