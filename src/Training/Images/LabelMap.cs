namespace GpuNets.Training;

/// <summary>A class for each pixel of a picture, row by row from the top left; <see cref="Void"/> where none is given.</summary>
public sealed class LabelMap
{
    /// <summary>The label of pixels without a class: ignored by losses and metrics.</summary>
    public const byte Void = 255;

    /// <summary>Takes labels.</summary>
    /// <param name="width">Pixels in a row.</param>
    /// <param name="height">Number of rows.</param>
    /// <param name="labels">A class a pixel [height, width]; kept, not copied.</param>
    /// <exception cref="ArgumentException">The sizes are not positive, or do not hold the labels.</exception>
    public LabelMap(int width, int height, byte[] labels)
    {
        ArgumentNullException.ThrowIfNull(labels);
        if (width < 1 || height < 1 || (long)width * height != labels.Length)
            throw new ArgumentException($"LabelMap: {width}x{height} pixels are not {labels.Length} labels.", nameof(labels));
        (Width, Height, Labels) = (width, height, labels);
    }

    /// <summary>A map of class 0.</summary>
    /// <inheritdoc cref="LabelMap(int, int, byte[])"/>
    public LabelMap(int width, int height) : this(width, height, new byte[width < 1 || height < 1 || (long)width * height > Array.MaxLength ? 0 : width * height]) { }

    /// <summary>Pixels in a row.</summary>
    public int Width { get; }

    /// <summary>Number of rows.</summary>
    public int Height { get; }

    /// <summary>A class a pixel [height, width].</summary>
    public byte[] Labels { get; }

    /// <summary>The class of a pixel.</summary>
    /// <param name="x">Column, from the left.</param>
    /// <param name="y">Row, from the top.</param>
    public byte this[int x, int y]
    {
        get => Labels[Offset(x, y)];
        set => Labels[Offset(x, y)] = value;
    }

    /// <summary>
    /// Reads a PNG mask. Palette pictures give their indices (whatever the colours), greyscale pictures of up to 8 bits their values,
    /// RGB pictures the indices of their colours in <paramref name="palette"/>.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="palette">Colours of the classes, for RGB masks; null: only index masks are read.</param>
    /// <exception cref="DataFileException">
    /// The file is no PNG, is damaged or truncated, has 16 bits a channel, or a pixel has a colour or index that is not in the palette.
    /// </exception>
    /// <exception cref="IOException">The file is not there or cannot be read.</exception>
    public static LabelMap Load(string path, Palette? palette = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        return Read(path, File.ReadAllBytes(path), palette);
    }

    /// <summary>Reads the bytes of a PNG mask.</summary>
    /// <param name="name">What errors call the file.</param>
    /// <param name="file">Its bytes.</param>
    /// <param name="palette">Colours of the classes, for RGB masks; null: only index masks are read.</param>
    /// <inheritdoc cref="Load"/>
    public static LabelMap Read(string name, byte[] file, Palette? palette = null)
    {
        ArgumentNullException.ThrowIfNull(file);
        if (!PngChunks.IsPng(file))
            throw new DataFileException(name, null, file.Length == 0 ? "the file is empty; a PNG mask was expected" : "no PNG picture; masks are PNG");
        var png = new PngChunks(name, file);
        if (png.Depth == 16) throw new DataFileException(name, null, "a PNG of 16 bits a channel, masks of up to 8 bits are read; convert it first");
        return png.Color is 0 or 3 ? Indices(name, png) : Colors(name, ImageCodec.DecodeRgb(name, file), palette);
    }

    /// <summary>Writes the labels as PNG: grey values, or indices of a palette as VOC's masks have them.</summary>
    /// <param name="path">The file; its folder is created if needed.</param>
    /// <param name="palette">Colours of the classes; null: a greyscale picture.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path, Palette? palette = null) => PngFile.Write(path, ToPng(palette));

    /// <summary>The labels as a PNG file.</summary>
    /// <inheritdoc cref="Save"/>
    public byte[] ToPng(Palette? palette = null)
    {
        using var bitmap = new SkiaSharp.SKBitmap(new SkiaSharp.SKImageInfo(Width, Height, SkiaSharp.SKColorType.Gray8, SkiaSharp.SKAlphaType.Opaque));
        // Rows of Skia may be longer than the picture.
        for (int y = 0; y < Height; y++) Labels.AsSpan(y * Width, Width).CopyTo(bitmap.GetPixelSpan()[(y * bitmap.RowBytes)..]);
        byte[] grey = ImageCodec.EncodePng(bitmap);
        return palette is null ? grey : new PngChunks("label map", grey).WithPalette(Enumerable.Range(0, 256).Select(palette.ColorOrVoid));
    }

    /// <inheritdoc/>
    public override string ToString() => $"LabelMap {Width}x{Height}";

    private static LabelMap Indices(string name, PngChunks png)
    {
        byte[] labels = ImageCodec.DecodeGrey(name, png.AsGrey());
        // Fewer bits were spread over 0..255.
        byte step = (byte)(255 / ((1 << png.Depth) - 1));
        if (step > 1) for (int i = 0; i < labels.Length; i++) labels[i] /= step;
        if (png.Color == 3 && png.PaletteEntries < 256 && labels.AsSpan().IndexOfAnyInRange((byte)png.PaletteEntries, (byte)255) is >= 0 and var bad)
            throw new DataFileException(name, $"pixel ({bad % png.Width}, {bad / png.Width})", $"index {labels[bad]}, but the palette has {png.PaletteEntries} colours");
        return new LabelMap(png.Width, png.Height, labels);
    }

    private static LabelMap Colors(string name, RgbImage image, Palette? palette)
    {
        if (palette is null) throw new DataFileException(name, null, "a mask in colours without a palette of its own; say which palette gives its classes");
        var map = new LabelMap(image.Width, image.Height);
        RgbColor last = default;
        int label = -1;
        for (int i = 0; i < map.Labels.Length; i++)
        {
            var color = new RgbColor(image.Pixels[3 * i], image.Pixels[3 * i + 1], image.Pixels[3 * i + 2]);
            // Neighbours mostly have one colour.
            if (i == 0 || color != last) label = palette.IndexOf(last = color);
            if (label < 0) throw new DataFileException(name, $"pixel ({i % image.Width}, {i / image.Width})", $"colour {color} is not in the palette");
            map.Labels[i] = (byte)label;
        }
        return map;
    }

    private int Offset(int x, int y) => (uint)x < (uint)Width && (uint)y < (uint)Height
        ? y * Width + x
        : throw new ArgumentOutOfRangeException(nameof(x), $"LabelMap: pixel ({x}, {y}) is outside of {Width}x{Height}.");
}
