using System.Buffers;
using SkiaSharp;

namespace GpuNets.Training;

/// <summary>Decodes and encodes by Skia; every way in which it can fail becomes one clear error.</summary>
internal static class ImageCodec
{
    /// <summary>Largest picture that is read. Sizes beyond it are a damaged header, or would take gigabytes.</summary>
    public const int MaxPixels = 1 << 27;

    /// <summary>Red, green and blue of a JPEG or PNG file, upright.</summary>
    public static RgbImage DecodeRgb(string file, byte[] bytes)
    {
        var (info, rgba, origin) = Decode(file, bytes, SKColorType.Rgba8888, ArrayPool<byte>.Shared.Rent);
        bool turned = origin >= SKEncodedOrigin.LeftTop;
        int width = turned ? info.Height : info.Width, height = turned ? info.Width : info.Height;
        byte[] rgb = GC.AllocateUninitializedArray<byte>(3 * width * height);
        // Where the first pixel of the upright picture is, and the way to its neighbours to the right and below.
        int right = 4, down = 4 * info.Width, last = 4 * (info.Width - 1), bottom = 4 * info.Width * (info.Height - 1);
        var (start, across, along) = origin switch
        {
            SKEncodedOrigin.TopRight => (last, -right, down),
            SKEncodedOrigin.BottomRight => (bottom + last, -right, -down),
            SKEncodedOrigin.BottomLeft => (bottom, right, -down),
            SKEncodedOrigin.LeftTop => (0, down, right),
            SKEncodedOrigin.RightTop => (bottom, -down, right),
            SKEncodedOrigin.RightBottom => (bottom + last, -down, -right),
            SKEncodedOrigin.LeftBottom => (last, down, -right),
            _ => (0, right, down),
        };
        for (int y = 0, to = 0; y < height; y++)
            for (int x = 0, from = start + y * along; x < width; x++, from += across, to += 3)
                (rgb[to], rgb[to + 1], rgb[to + 2]) = (rgba[from], rgba[from + 1], rgba[from + 2]);
        ArrayPool<byte>.Shared.Return(rgba);
        return new RgbImage(width, height, rgb);
    }

    /// <summary>The values of a greyscale PNG of 8 bits or less, scaled to 0..255 as Skia does.</summary>
    public static byte[] DecodeGrey(string file, byte[] png) => Decode(file, png, SKColorType.Gray8, size => GC.AllocateUninitializedArray<byte>(size)).Pixels;

    /// <summary>A PNG file of what is drawn.</summary>
    public static byte[] EncodePng(SKBitmap bitmap)
    {
        using var pixels = bitmap.PeekPixels();
        using var png = pixels?.Encode(SKEncodedImageFormat.Png, 100);
        return png?.ToArray() ?? throw new InvalidOperationException($"ImageCodec: Skia does not encode {bitmap.Width}x{bitmap.Height} pixels.");
    }

    private static (SKImageInfo Info, byte[] Pixels, SKEncodedOrigin Origin) Decode(string file, byte[] bytes, SKColorType type, Func<int, byte[]> memory)
    {
        if (bytes.Length == 0) throw new DataFileException(file, null, "the file is empty; a JPEG or PNG picture was expected");
        using var data = SKData.CreateCopy(bytes);
        using var codec = SKCodec.Create(data);
        if (codec is null || codec.EncodedFormat is not (SKEncodedImageFormat.Jpeg or SKEncodedImageFormat.Png))
            throw new DataFileException(file, null, $"{Kind(codec)}; JPEG and PNG pictures are read");
        if ((long)codec.Info.Width * codec.Info.Height > MaxPixels)
            throw new DataFileException(file, null, $"{codec.Info.Width}x{codec.Info.Height} pixels, at most {MaxPixels} are read");
        // No colour space: the numbers of the file, not how a screen would show them. No premultiplication for the same reason.
        var info = new SKImageInfo(codec.Info.Width, codec.Info.Height, type, type == SKColorType.Gray8 ? SKAlphaType.Opaque : SKAlphaType.Unpremul);
        byte[] pixels = memory(info.BytesSize);
        SKCodecResult result;
        unsafe
        {
            fixed (byte* target = pixels) result = codec.GetPixels(info, (nint)target);
        }
        return result == SKCodecResult.Success ? (info, pixels, codec.EncodedOrigin) : throw new DataFileException(file, null, result switch
        {
            SKCodecResult.IncompleteInput => "the picture is truncated",
            SKCodecResult.ErrorInInput => "the picture is damaged",
            _ => $"the picture cannot be decoded ({result})",
        });
    }

    private static string Kind(SKCodec? codec) => codec is null ? "no picture, or one whose header is damaged" : $"a {codec.EncodedFormat} picture";
}
