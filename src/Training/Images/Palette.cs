using System.Collections.Immutable;

namespace GpuNets.Training;

/// <summary>Colours of classes: those of masks in files, and those that overlays show.</summary>
public sealed class Palette
{
    private readonly Dictionary<RgbColor, int> _indices = [];

    /// <summary>Takes the colours of the classes in order.</summary>
    /// <param name="colors">A colour a class, 1 to 255; of equal colours the first class is meant.</param>
    /// <param name="voidColor">The colour of pixels without a class (<see cref="LabelMap.Void"/>).</param>
    /// <exception cref="ArgumentException">There is no colour, or more than 255.</exception>
    public Palette(IEnumerable<RgbColor> colors, RgbColor voidColor)
    {
        Colors = [.. colors];
        VoidColor = voidColor;
        if (Colors.Length is < 1 or > LabelMap.Void)
            throw new ArgumentException($"Palette: {Colors.Length} colours, expected 1 to {LabelMap.Void}.", nameof(colors));
        for (int i = 0; i < Colors.Length; i++) _indices.TryAdd(Colors[i], i);
        _indices.TryAdd(voidColor, LabelMap.Void);
    }

    /// <summary>
    /// Pascal VOC's colours, for up to 255 classes: bits 0, 1 and 2 of the class are the highest bits of red, green and blue, the next
    /// three bits the second highest, and so on. Void is entry 255, cream (224, 224, 192).
    /// </summary>
    public static Palette Voc { get; } = new(Enumerable.Range(0, LabelMap.Void).Select(VocColor), VocColor(LabelMap.Void));

    /// <summary>
    /// The colours in which SegNet shows CamVid's 11 classes: sky, building, pole, road, pavement, tree, sign, fence, car, pedestrian,
    /// bicyclist; void is black.
    /// </summary>
    public static Palette CamVid { get; } = new(
        [
            new(128, 128, 128), new(128, 0, 0), new(192, 192, 128), new(128, 64, 128), new(60, 40, 222), new(128, 128, 0),
            new(192, 128, 128), new(64, 64, 128), new(64, 0, 128), new(64, 64, 0), new(0, 128, 192),
        ],
        new(0, 0, 0));

    /// <summary>A colour a class.</summary>
    public ImmutableArray<RgbColor> Colors { get; }

    /// <summary>The colour of <see cref="LabelMap.Void"/>.</summary>
    public RgbColor VoidColor { get; }

    /// <summary>The colour of a class or of void.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The palette has no such class.</exception>
    public RgbColor this[int label] => label == LabelMap.Void ? VoidColor
        : (uint)label < (uint)Colors.Length ? Colors[label]
        : throw new ArgumentOutOfRangeException(nameof(label), label, $"Palette: the classes are 0 to {Colors.Length - 1}, and {LabelMap.Void} for void.");

    /// <summary>The class of a colour, <see cref="LabelMap.Void"/> for the void colour, -1 for others.</summary>
    public int IndexOf(RgbColor color) => _indices.GetValueOrDefault(color, -1);

    /// <summary>The first classes only.</summary>
    /// <exception cref="ArgumentException">There are not so many.</exception>
    public Palette Take(int classes) => classes <= Colors.Length
        ? new Palette(Colors.Take(classes), VoidColor)
        : throw new ArgumentException($"Palette: {classes} classes asked for, it has {Colors.Length}.", nameof(classes));

    /// <summary>Each label in its colour.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A label is neither a class of the palette nor void.</exception>
    public RgbImage Paint(LabelMap labels)
    {
        ArgumentNullException.ThrowIfNull(labels);
        var image = new RgbImage(labels.Width, labels.Height);
        for (int i = 0; i < labels.Labels.Length; i++)
        {
            var color = this[labels.Labels[i]];
            (image.Pixels[3 * i], image.Pixels[3 * i + 1], image.Pixels[3 * i + 2]) = (color.Red, color.Green, color.Blue);
        }
        return image;
    }

    /// <summary>The colour that a picture's palette has at an index: void's where there is no class.</summary>
    internal RgbColor ColorOrVoid(int index) => index < Colors.Length ? Colors[index] : VoidColor;

    private static RgbColor VocColor(int label)
    {
        int red = 0, green = 0, blue = 0;
        for (int bit = 7; label > 0; bit--, label >>= 3)
        {
            red |= (label & 1) << bit;
            green |= ((label >> 1) & 1) << bit;
            blue |= ((label >> 2) & 1) << bit;
        }
        return new RgbColor((byte)red, (byte)green, (byte)blue);
    }
}
