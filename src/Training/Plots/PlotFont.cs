using ScottPlot;
using SkiaSharp;

namespace GpuNets.Training;

/// <summary>
/// The font of all figures, embedded: machines with nothing but .NET have no fonts, and figures come out equal everywhere.
/// </summary>
internal sealed class PlotFont : IFontResolver
{
    public const string Name = "GpuNets DejaVu Sans";

    private static readonly Lazy<SKTypeface> _typeface = new(Load);
    private static readonly Lazy<bool> _registered = new(Register);

    private PlotFont() { }

    /// <summary>The typeface itself, for drawing without ScottPlot.</summary>
    public static SKTypeface Typeface => _typeface.Value;

    /// <summary>Gives a plot this font.</summary>
    public static void Apply(Plot plot)
    {
        _ = _registered.Value;
        plot.Font.Set(Name);
        plot.Legend.FontName = Name;
    }

    /// <inheritdoc/>
    public SKTypeface? CreateTypeface(string fontName, bool bold, bool italic) => fontName == Name ? Load() : null;

    /// <inheritdoc/>
    public SKTypeface? CreateTypeface(string fontName, FontWeight weight, FontSlant slant, FontSpacing spacing) =>
        fontName == Name ? Load() : null;

    private static bool Register()
    {
        Fonts.FontResolvers.Insert(0, new PlotFont());
        return true;
    }

    private static SKTypeface Load()
    {
        // ScottPlot disposes what it creates, so each call makes a typeface of its own.
        using var stream = typeof(PlotFont).Assembly.GetManifestResourceStream("DejaVuSans.ttf")!;
        using var data = SKData.Create(stream);
        return SKTypeface.FromData(data);
    }
}
