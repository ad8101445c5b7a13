using GpuNets.Training;
using SkiaSharp;

namespace GpuNets.Tests.Training;

/// <summary>Figures without a screen: the right size, cells and curves where they belong, labels that show.</summary>
public sealed class PlotTests
{
    private static int Ink(SKBitmap picture, int left, int top, int right, int bottom, Func<SKColor, bool> isInk)
    {
        int count = 0;
        for (int y = top; y < bottom; y++)
            for (int x = left; x < right; x++)
                if (isInk(picture.GetPixel(x, y))) count++;
        return count;
    }

    private static bool Dark(SKColor color) => color.Red < 100 && color.Green < 100 && color.Blue < 100;

    [Fact(Timeout = 60_000)]
    public async Task Curves_have_labels_and_a_line()
    {
        await Task.Yield();
        using var temp = new TempFolder();
        double[] x = [.. Enumerable.Range(1, 2000).Select(i => (double)i)];
        new CurvePlot { Title = "Loss", Logarithmic = true, YLabel = "bits per sequence" }.Save(
            temp.File("sub/loss.png"), new Curve("ours", x, [.. x.Select(v => 80 / v)]), new Curve("LSTM", x, [.. x.Select(v => v < 500 ? double.NaN : 40 / v)]));
        using var picture = SKBitmap.Decode(temp.File("sub/loss.png"));
        Assert.Equal((900, 540), (picture.Width, picture.Height));
        Assert.True(Ink(picture, 400, 0, 500, 40, Dark) > 50, "the title");
        Assert.True(Ink(picture, 0, 100, 25, 450, Dark) > 50, "the label of the vertical axis");
        Assert.True(Ink(picture, 300, 500, 600, 540, Dark) > 50, "the label of the horizontal axis");
        Assert.True(Ink(picture, 80, 40, 880, 480, c => c.Blue > c.Red + 60) > 300, "the first curve");
        Assert.Throws<ArgumentException>(() => new CurvePlot().Save(temp.File("x.png"), new Curve("c", [1, 2], [1])));
    }

    [Fact(Timeout = 60_000)]
    public async Task Panels_show_each_cell_in_its_place()
    {
        await Task.Yield();
        using var temp = new TempFolder();
        float[] values = [.. Enumerable.Range(0, 10 * 8).Select(i => (i / 8) == (i % 8) ? 1f : 0f)];
        new PanelPlot { Title = "Copy", Width = 432 }.Save(temp.File("panels.png"),
            new MatrixPanel("Inputs", values, 10, 8), new MatrixPanel("Weights", new float[10 * 128], 10, 128) { Black = 0, White = 1 });
        using var picture = SKBitmap.Decode(temp.File("panels.png"));
        // 40 pixels a step; 160 / 8 = 20 pixels a row; the first panel starts below margin, heading and its title.
        const int top = 16 + 28 + 22;
        for (int step = 0; step < 10; step++)
            for (int row = 0; row < 8; row++)
                Assert.Equal(step == row ? (byte)255 : (byte)0, picture.GetPixel(16 + (40 * step) + 20, top + (20 * row) + 10).Red);
        Assert.True(Ink(picture, 16, 16, 200, 40, Dark) > 50, "the heading");
        Assert.True(Ink(picture, 16, 44, 200, top - 2, Dark) > 50, "the title of the first panel");
        Assert.True(Ink(picture, 16, picture.Height - 36, 416, picture.Height, Dark) > 50, "the axis");
        Assert.Throws<ArgumentException>(() => new MatrixPanel("x", values, 3, 8));
        Assert.Throws<ArgumentException>(() => new PanelPlot().Save(temp.File("x.png")));
    }
}
