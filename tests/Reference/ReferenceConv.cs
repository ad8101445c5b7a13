namespace GpuNets.Reference;

/// <summary>How a reference convolution moves: pairs are (vertical, horizontal), padding is (top, bottom, left, right).</summary>
public sealed record ReferenceWindow((int Y, int X) Stride, (int Top, int Bottom, int Left, int Right) Padding, (int Y, int X) Dilation, int Groups)
{
    /// <summary>Steps of 1 without padding.</summary>
    public static ReferenceWindow Plain { get; } = new((1, 1), default, (1, 1), 1);
}

/// <summary>Convolutions as PyTorch's documentation defines them, index by index. Sequences are images of one row.</summary>
public static class ReferenceConv
{
    /// <summary>y[n, o, p, q] = bias[o] + sum_(c, i, j) w[o, c, i, j] x[n, c, p s + i d - top, ...]; the bias may be null.</summary>
    public static NdArray Forward(NdArray x, NdArray w, NdArray? bias, ReferenceWindow window)
    {
        var (sy, sx) = window.Stride;
        var (dy, dx) = window.Dilation;
        int ins = w.Shape[1], outs = w.Shape[0] / window.Groups;
        int height = (x.Shape[2] + window.Padding.Top + window.Padding.Bottom - dy * (w.Shape[2] - 1) - 1) / sy + 1;
        int width = (x.Shape[3] + window.Padding.Left + window.Padding.Right - dx * (w.Shape[3] - 1) - 1) / sx + 1;
        var y = new NdArray([x.Shape[0], w.Shape[0], height, width]);
        foreach (int[] at in NdArray.Indices(y.Shape))
        {
            Real sum = 0;
            for (int c = 0; c < ins; c++)
                for (int i = 0; i < w.Shape[2]; i++)
                    for (int j = 0; j < w.Shape[3]; j++)
                    {
                        int row = at[2] * sy + i * dy - window.Padding.Top, column = at[3] * sx + j * dx - window.Padding.Left;
                        if (row >= 0 && row < x.Shape[2] && column >= 0 && column < x.Shape[3])
                            sum += w[at[1], c, i, j] * x[at[0], at[1] / outs * ins + c, row, column];
                    }
            y[at] = bias is null ? sum : sum + bias[at[1]];
        }
        return y;
    }

    /// <summary>
    /// Each x[n, c, p, q] adds w[c, o, i, j] x to y[n, o, p s + i d - top, ...]; then the bias, which may be null. Output padding adds rows
    /// and columns at the end.
    /// </summary>
    public static NdArray Transposed(NdArray x, NdArray w, NdArray? bias, ReferenceWindow window, (int Y, int X) outputPadding)
    {
        var (sy, sx) = window.Stride;
        var (dy, dx) = window.Dilation;
        int ins = x.Shape[1] / window.Groups, outs = w.Shape[1];
        int height = (x.Shape[2] - 1) * sy - window.Padding.Top - window.Padding.Bottom + dy * (w.Shape[2] - 1) + outputPadding.Y + 1;
        int width = (x.Shape[3] - 1) * sx - window.Padding.Left - window.Padding.Right + dx * (w.Shape[3] - 1) + outputPadding.X + 1;
        var y = new NdArray([x.Shape[0], outs * window.Groups, height, width]);
        foreach (int[] at in NdArray.Indices(x.Shape))
            for (int o = 0; o < outs; o++)
                for (int i = 0; i < w.Shape[2]; i++)
                    for (int j = 0; j < w.Shape[3]; j++)
                    {
                        int row = at[2] * sy + i * dy - window.Padding.Top, column = at[3] * sx + j * dx - window.Padding.Left;
                        if (row >= 0 && row < height && column >= 0 && column < width)
                            y[at[0], at[1] / ins * outs + o, row, column] += w[at[1], o, i, j] * x[at[0], at[1], at[2], at[3]];
                    }
        for (int i = 0; bias is not null && i < y.Length; i++) y[i] += bias[i / (height * width) % bias.Length];
        return y;
    }

    /// <summary>The weight with the taps taken out that a PixelCNN's mask hides.</summary>
    /// <param name="w">[out, in, odd, odd].</param>
    /// <param name="colors">Colours, to which channels belong in blocks.</param>
    /// <param name="includesSelf">Type B.</param>
    public static NdArray Masked(NdArray w, int colors, bool includesSelf)
    {
        var masked = new NdArray(w.Shape);
        int centreY = w.Shape[2] / 2, centreX = w.Shape[3] / 2;
        foreach (int[] at in NdArray.Indices(w.Shape))
        {
            int from = at[1] / (w.Shape[1] / colors), to = at[0] / (w.Shape[0] / colors);
            bool before = at[2] < centreY || (at[2] == centreY && at[3] < centreX), centre = at[2] == centreY && at[3] == centreX;
            if (before || (centre && (from < to || (includesSelf && from == to)))) masked[at] = w[at];
        }
        return masked;
    }
}
