using SkiaSharp;

namespace GpuNets.Training;

/// <summary>
/// A figure of pictures below one another: each with its annotation and a prediction beside it, and below all the colours of the classes
/// that occur.
/// </summary>
/// <param name="classNames">Names of the classes in the order of their labels.</param>
/// <param name="palette">Colours of the classes.</param>
public sealed class SegmentationSheet(IReadOnlyList<string> classNames, Palette palette)
{
    private const int Gap = 12;
    private const int Line = 22;
    private const float FontSize = 13;

    /// <summary>Heading of the figure.</summary>
    public string Title { get; init; } = "";

    /// <summary>Width of a picture in the figure, in pixels; pictures are scaled to it.</summary>
    public int PictureWidth { get; init; } = 320;

    /// <summary>How classes are shown on the pictures.</summary>
    public Overlay Overlay { get; init; } = new();

    /// <summary>Writes the figure as PNG.</summary>
    /// <param name="path">The file; its folder is created if needed.</param>
    /// <param name="rows">The pictures, the first on top.</param>
    /// <exception cref="ArgumentException">There is no picture, a size differs from its picture's, or the width is not positive.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A label is neither a class of the palette nor void.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path, params IReadOnlyList<SegmentationSheetRow> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        if (rows.Count == 0) throw new ArgumentException("A sheet needs at least one picture.", nameof(rows));
        ArgumentOutOfRangeException.ThrowIfLessThan(PictureWidth, 1, nameof(PictureWidth));
        int[] shown = [.. rows.SelectMany(row => Labels(row)).SelectMany(map => map.Labels.Distinct()).Distinct().Where(label => label != LabelMap.Void).Order().Select(label => (int)label)];
        int columns = rows.Max(row => 1 + Labels(row).Count());
        int width = Gap + columns * (PictureWidth + Gap), heading = Title.Length > 0 ? Line + 6 : 0;
        using var font = new SKFont(PlotFont.Typeface, FontSize);
        var places = LegendPlaces(shown, font, width, out int legend);
        int height = Gap + heading + rows.Sum(row => Line + Height(row) + Gap) + legend + Gap;
        using var bitmap = new SKBitmap(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        using var canvas = new SKCanvas(bitmap);
        canvas.Clear(SKColors.White);
        using var ink = new SKPaint { Color = SKColors.Black, IsAntialias = true };
        int top = Gap;
        if (heading > 0)
        {
            using var large = new SKFont(PlotFont.Typeface, FontSize + 3);
            canvas.DrawText(Title, Gap, top + FontSize + 2, large, ink);
            top += heading;
        }
        foreach (var row in rows)
        {
            int left = Gap;
            foreach (var (caption, picture) in Pictures(row))
            {
                canvas.DrawText(caption, left, top + FontSize, font, ink);
                using var source = picture.ToBitmap();
                using var image = SKImage.FromBitmap(source);
                // Enlarged pixels stay squares: the eye should see what the network saw.
                var sampling = picture.Width < PictureWidth ? new SKSamplingOptions(SKFilterMode.Nearest) : new SKSamplingOptions(SKFilterMode.Linear, SKMipmapMode.Linear);
                canvas.DrawImage(image, SKRect.Create(left, top + Line, PictureWidth, Height(row)), sampling);
                left += PictureWidth + Gap;
            }
            top += Line + Height(row) + Gap;
        }
        foreach (var (label, x, y) in places)
        {
            var color = palette[label];
            using var fill = new SKPaint { Color = new SKColor(color.Red, color.Green, color.Blue) };
            canvas.DrawRect(x, top + y, 16, 16, fill);
            canvas.DrawText(Name(label), x + 22, top + y + FontSize, font, ink);
        }
        canvas.Flush();
        PngFile.Write(path, ImageCodec.EncodePng(bitmap));
    }

    private static IEnumerable<LabelMap> Labels(SegmentationSheetRow row) => new[] { row.Annotation, row.Prediction }.OfType<LabelMap>();

    private int Height(SegmentationSheetRow row) => Math.Max(1, (int)Math.Round((double)PictureWidth * row.Image.Height / row.Image.Width));

    private string Name(int label) => label < classNames.Count ? classNames[label] : $"class {label}";

    private IEnumerable<(string Caption, RgbImage Picture)> Pictures(SegmentationSheetRow row)
    {
        yield return (row.Name, row.Image);
        if (row.Annotation is not null) yield return ("annotation", Overlay.Draw(row.Image, row.Annotation, palette));
        if (row.Prediction is not null) yield return (row.Caption, Overlay.Draw(row.Image, row.Prediction, palette));
    }

    /// <summary>Places the entries line by line.</summary>
    private List<(int Label, int X, int Y)> LegendPlaces(int[] labels, SKFont font, int width, out int height)
    {
        var places = new List<(int, int, int)>();
        int x = Gap, y = 0;
        foreach (int label in labels)
        {
            int size = 22 + (int)Math.Ceiling(font.MeasureText(Name(label))) + 18;
            if (x > Gap && x + size > width) (x, y) = (Gap, y + Line);
            places.Add((label, x, y));
            x += size;
        }
        height = labels.Length == 0 ? 0 : y + Line;
        return places;
    }
}
