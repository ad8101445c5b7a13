using SkiaSharp;

namespace GpuNets.Training;

/// <summary>A picture on the host: 8 bits red, green and blue a pixel, row by row from the top left.</summary>
public sealed class RgbImage
{
    /// <summary>Takes pixels.</summary>
    /// <param name="width">Pixels in a row.</param>
    /// <param name="height">Number of rows.</param>
    /// <param name="pixels">Red, green and blue of each pixel [height, width, 3]; kept, not copied.</param>
    /// <exception cref="ArgumentException">The sizes are not positive, or do not hold the bytes.</exception>
    public RgbImage(int width, int height, byte[] pixels)
    {
        ArgumentNullException.ThrowIfNull(pixels);
        if (width < 1 || height < 1 || 3L * width * height != pixels.Length)
            throw new ArgumentException($"RgbImage: {width}x{height} pixels of 3 bytes are not {pixels.Length} bytes.", nameof(pixels));
        (Width, Height, Pixels) = (width, height, pixels);
    }

    /// <summary>A black picture.</summary>
    /// <inheritdoc cref="RgbImage(int, int, byte[])"/>
    public RgbImage(int width, int height) : this(width, height, new byte[width < 1 || height < 1 || 3L * width * height > Array.MaxLength ? 0 : 3 * width * height]) { }

    /// <summary>Pixels in a row.</summary>
    public int Width { get; }

    /// <summary>Number of rows.</summary>
    public int Height { get; }

    /// <summary>Red, green and blue of each pixel [height, width, 3].</summary>
    public byte[] Pixels { get; }

    /// <summary>The colour of a pixel.</summary>
    /// <param name="x">Column, from the left.</param>
    /// <param name="y">Row, from the top.</param>
    public RgbColor this[int x, int y]
    {
        get
        {
            int at = 3 * Offset(x, y);
            return new RgbColor(Pixels[at], Pixels[at + 1], Pixels[at + 2]);
        }
        set
        {
            int at = 3 * Offset(x, y);
            (Pixels[at], Pixels[at + 1], Pixels[at + 2]) = (value.Red, value.Green, value.Blue);
        }
    }

    /// <summary>
    /// Reads a JPEG or PNG file. Values are those of the file, whatever its colour profile; an orientation in a JPEG's EXIF data is
    /// applied; an alpha channel is left out.
    /// </summary>
    /// <exception cref="DataFileException">The file is no JPEG or PNG, is damaged or truncated, has 16 bits a channel, or is too large.</exception>
    /// <exception cref="IOException">The file is not there or cannot be read.</exception>
    public static RgbImage Load(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return Read(path, File.ReadAllBytes(path));
    }

    /// <summary>Reads the bytes of a JPEG or PNG file.</summary>
    /// <param name="name">What errors call the file.</param>
    /// <param name="file">Its bytes.</param>
    /// <inheritdoc cref="Load"/>
    public static RgbImage Read(string name, byte[] file)
    {
        ArgumentNullException.ThrowIfNull(file);
        if (PngChunks.IsPng(file) && new PngChunks(name, file) is { Depth: 16 })
            throw new DataFileException(name, null, "a PNG of 16 bits a channel, pictures of 8 bits are read; convert it first");
        return ImageCodec.DecodeRgb(name, file);
    }

    /// <summary>Writes a PNG file.</summary>
    /// <param name="path">The file; its folder is created if needed.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path) => PngFile.Write(path, ToPng());

    /// <summary>The picture as a PNG file.</summary>
    public byte[] ToPng()
    {
        using var bitmap = ToBitmap();
        return ImageCodec.EncodePng(bitmap);
    }

    /// <summary>A copy that Skia draws on.</summary>
    internal SKBitmap ToBitmap()
    {
        var bitmap = new SKBitmap(new SKImageInfo(Width, Height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        var target = bitmap.GetPixelSpan();
        for (int from = 0, to = 0; from < Pixels.Length; from += 3, to += 4)
        {
            Pixels.AsSpan(from, 3).CopyTo(target[to..]);
            target[to + 3] = 255;
        }
        return bitmap;
    }

    /// <inheritdoc/>
    public override string ToString() => $"RgbImage {Width}x{Height}";

    private int Offset(int x, int y) => (uint)x < (uint)Width && (uint)y < (uint)Height
        ? y * Width + x
        : throw new ArgumentOutOfRangeException(nameof(x), $"RgbImage: pixel ({x}, {y}) is outside of {Width}x{Height}.");
}
