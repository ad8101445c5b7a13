namespace GpuNets.Training;

/// <summary>Shows classes on their picture: each pixel mixed with the colour of its class, and lines between classes.</summary>
public sealed record Overlay
{
    /// <summary>Share of the class's colour, 0 to 1.</summary>
    public float Opacity { get; init; } = 0.6f;

    /// <summary>White lines one pixel wide where two classes meet.</summary>
    public bool Outlines { get; init; } = true;

    /// <summary>A class that leaves the picture as it is, as void always does: VOC's background, whose colour is black. Null: none.</summary>
    public int? Clear { get; init; }

    /// <summary>Draws on a copy of the picture.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="labels">Its classes.</param>
    /// <param name="palette">Colours of the classes.</param>
    /// <exception cref="ArgumentException">Sizes differ, or the opacity is no share.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A label is neither a class of the palette nor void.</exception>
    public RgbImage Draw(RgbImage image, LabelMap labels, Palette palette)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentNullException.ThrowIfNull(palette);
        if ((image.Width, image.Height) != (labels.Width, labels.Height))
            throw new ArgumentException($"Overlay: labels of {labels.Width}x{labels.Height} pixels for a picture of {image.Width}x{image.Height}.", nameof(labels));
        if (!(Opacity >= 0f && Opacity <= 1f)) throw new ArgumentException($"Overlay: the opacity {Opacity} must be between 0 and 1.");
        var drawn = new RgbImage(image.Width, image.Height, [.. image.Pixels]);
        for (int y = 0, i = 0; y < image.Height; y++)
        {
            for (int x = 0; x < image.Width; x++, i++)
            {
                int label = labels.Labels[i];
                if (IsClear(label)) continue;
                bool edge = Outlines && (
                    (x + 1 < image.Width && labels.Labels[i + 1] != label) || (y + 1 < image.Height && labels.Labels[i + image.Width] != label)
                    // A class that is not drawn cannot have the line on its side.
                    || (x > 0 && IsClear(labels.Labels[i - 1])) || (y > 0 && IsClear(labels.Labels[i - image.Width])));
                var color = palette[label];
                if (edge) color = new RgbColor(255, 255, 255);
                Mix(ref drawn.Pixels[3 * i], color.Red);
                Mix(ref drawn.Pixels[3 * i + 1], color.Green);
                Mix(ref drawn.Pixels[3 * i + 2], color.Blue);
            }
        }
        return drawn;
    }

    private bool IsClear(int label) => label == LabelMap.Void || label == Clear;

    private void Mix(ref byte value, byte color) => value = (byte)MathF.Round(value + Opacity * (color - value));
}
