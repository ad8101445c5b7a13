using SkiaSharp;

namespace GpuNets.Training;

/// <summary>
/// Grey-scale matrices below one another over a common time axis, all columns of one step in line: inputs, outputs and the
/// weightings of attention or memory heads over time.
/// </summary>
public sealed class PanelPlot
{
    private const int Margin = 16;
    private const int TitleHeight = 22;
    private const int AxisHeight = 38;
    private const float FontSize = 13;

    private static readonly int[] _tickSteps = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000];

    /// <summary>Heading of the figure.</summary>
    public string Title { get; init; } = "";

    /// <summary>Label of the time axis.</summary>
    public string XLabel { get; init; } = "time";

    /// <summary>Width of a picture with few steps, in pixels; more steps than pixels widen it.</summary>
    public int Width { get; init; } = 900;

    /// <summary>Tallest panel, in pixels; a panel with more rows than that gets one pixel a row.</summary>
    public int PanelHeight { get; init; } = 160;

    /// <summary>Writes the figure as PNG.</summary>
    /// <param name="path">The file; its folder is created if needed.</param>
    /// <param name="panels">The panels, the first on top; their numbers of steps may differ.</param>
    /// <exception cref="ArgumentException">There is no panel.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path, params IReadOnlyList<MatrixPanel> panels)
    {
        ArgumentNullException.ThrowIfNull(panels);
        if (panels.Count == 0) throw new ArgumentException("A figure needs at least one panel.", nameof(panels));
        int steps = panels.Max(p => p.Steps);
        // Whole pixels for each cell: the eye compares neighbouring columns.
        int cell = Math.Max(1, (Width - (2 * Margin)) / steps);
        int heading = Title.Length > 0 ? TitleHeight + 6 : 0;
        int height = Margin + heading + panels.Sum(p => TitleHeight + (RowHeight(p, cell) * p.Rows) + 8) + AxisHeight;
        using var surface = SKSurface.Create(new SKImageInfo(Math.Max(Width, (cell * steps) + (2 * Margin)), height));
        var canvas = surface.Canvas;
        canvas.Clear(SKColors.White);
        using var font = new SKFont(PlotFont.Typeface, FontSize);
        using var ink = new SKPaint { Color = SKColors.Black, IsAntialias = true };

        int top = Margin;
        if (heading > 0)
        {
            using var large = new SKFont(PlotFont.Typeface, FontSize + 3);
            canvas.DrawText(Title, Margin, top + FontSize, large, ink);
            top += heading;
        }
        foreach (var panel in panels)
        {
            canvas.DrawText(panel.Title, Margin, top + FontSize, font, ink);
            top += TitleHeight;
            DrawCells(canvas, panel, cell, RowHeight(panel, cell), top);
            top += (RowHeight(panel, cell) * panel.Rows) + 8;
        }
        DrawAxis(canvas, steps, cell, top, font, ink);

        using var image = surface.Snapshot();
        using var png = image.Encode(SKEncodedImageFormat.Png, 100);
        PngFile.Write(path, png.ToArray());
    }

    /// <summary>Square cells where they fit the panel's height.</summary>
    private int RowHeight(MatrixPanel panel, int cell) => Math.Clamp(PanelHeight / panel.Rows, 1, Math.Min(cell, 24));

    private static void DrawCells(SKCanvas canvas, MatrixPanel panel, int cell, int rowHeight, int top)
    {
        float black = panel.Black ?? panel.Values.Where(float.IsFinite).DefaultIfEmpty(0).Min();
        float white = panel.White ?? panel.Values.Where(float.IsFinite).DefaultIfEmpty(1).Max();
        float range = white > black ? white - black : 1;
        using var paint = new SKPaint();
        for (int step = 0; step < panel.Steps; step++)
            for (int row = 0; row < panel.Rows; row++)
            {
                float value = panel.Values[(step * panel.Rows) + row];
                byte grey = (byte)Math.Clamp(MathF.Round(255 * (value - black) / range), 0, 255);
                paint.Color = float.IsNaN(value) ? new SKColor(255, 160, 160) : new SKColor(grey, grey, grey);
                canvas.DrawRect(Margin + (step * cell), top + (row * rowHeight), cell, rowHeight, paint);
            }
        // A frame tells a white panel from no panel.
        using var frame = new SKPaint { Color = SKColors.Gray, IsStroke = true };
        canvas.DrawRect(Margin - 0.5f, top - 0.5f, (panel.Steps * cell) + 1, (panel.Rows * rowHeight) + 1, frame);
    }

    private void DrawAxis(SKCanvas canvas, int steps, int cell, int top, SKFont font, SKPaint ink)
    {
        int every = _tickSteps.First(n => n * cell >= 40 || n == _tickSteps[^1]);
        for (int step = 0; step < steps; step += every)
        {
            float x = Margin + ((step + 0.5f) * cell);
            canvas.DrawLine(x, top - 4, x, top, ink);
            canvas.DrawText(step.ToString(), x, top + FontSize, SKTextAlign.Center, font, ink);
        }
        canvas.DrawText(XLabel, Margin + (steps * cell / 2f), top + (2 * FontSize) + 4, SKTextAlign.Center, font, ink);
    }
}
