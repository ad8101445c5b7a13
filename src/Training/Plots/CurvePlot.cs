using ScottPlot;

namespace GpuNets.Training;

/// <summary>A figure of curves over the number of updates, such as the loss of a run.</summary>
public sealed class CurvePlot
{
    private const int Buckets = 400;

    /// <summary>Heading.</summary>
    public string Title { get; init; } = "";

    /// <summary>Label of the horizontal axis.</summary>
    public string XLabel { get; init; } = "updates";

    /// <summary>Label of the vertical axis.</summary>
    public string YLabel { get; init; } = "loss";

    /// <summary>Logarithmic vertical axis; values that are not positive are left out.</summary>
    public bool Logarithmic { get; init; }

    /// <summary>Width in pixels.</summary>
    public int Width { get; init; } = 900;

    /// <summary>Height in pixels.</summary>
    public int Height { get; init; } = 540;

    /// <summary>
    /// Writes the figure as PNG. Each curve is shown as it is, in pale, with its average over neighbours on top when it has
    /// more points than the figure can show apart.
    /// </summary>
    /// <param name="path">The file; its folder is created if needed.</param>
    /// <param name="curves">What to draw.</param>
    /// <exception cref="ArgumentException">A curve's x and y have different lengths.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path, params IReadOnlyList<Curve> curves)
    {
        ArgumentNullException.ThrowIfNull(curves);
        using var plot = new Plot();
        for (int i = 0; i < curves.Count; i++) Draw(plot, curves[i], plot.Add.GetNextColor());
        plot.Title(Title);
        plot.XLabel(XLabel);
        plot.YLabel(YLabel);
        if (Logarithmic) UseLogTicks(plot);
        if (curves.Count > 1) plot.ShowLegend(Alignment.UpperRight);
        PlotFont.Apply(plot);
        PngFile.Write(path, plot.GetImageBytes(Width, Height, ImageFormat.Png));
    }

    private void Draw(Plot plot, Curve curve, Color color)
    {
        if (curve.X.Count != curve.Y.Count)
            throw new ArgumentException($"Curve {curve.Name} has {curve.X.Count} x values and {curve.Y.Count} y values.");
        var points = Enumerable.Range(0, curve.X.Count)
            .Select(i => (X: curve.X[i], Y: Logarithmic ? Math.Log10(curve.Y[i]) : curve.Y[i]))
            .Where(p => double.IsFinite(p.Y)).ToList();
        bool dense = points.Count > Buckets;
        Line(plot, points, dense ? color.WithAlpha(0.3) : color, 1.5f, dense ? null : curve.Name);
        if (dense) Line(plot, Averages(points), color, 2f, curve.Name);
    }

    private static void Line(Plot plot, IReadOnlyList<(double X, double Y)> points, Color color, float width, string? legend)
    {
        var line = plot.Add.ScatterLine(points.Select(p => p.X).ToArray(), points.Select(p => p.Y).ToArray(), color);
        line.LineWidth = width;
        line.LegendText = legend ?? "";
    }

    private static List<(double X, double Y)> Averages(List<(double X, double Y)> points) =>
        [.. points.Chunk((points.Count + Buckets - 1) / Buckets).Select(c => (c.Average(p => p.X), c.Average(p => p.Y)))];

    private static void UseLogTicks(Plot plot)
    {
        plot.Axes.Left.TickGenerator = new ScottPlot.TickGenerators.NumericAutomatic
        {
            MinorTickGenerator = new ScottPlot.TickGenerators.LogMinorTickGenerator(),
            IntegerTicksOnly = true,
            LabelFormatter = exponent => Math.Pow(10, exponent).ToString("0.########", System.Globalization.CultureInfo.InvariantCulture),
        };
    }
}
