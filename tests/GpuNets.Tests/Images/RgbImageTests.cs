using GpuNets.Training;
using SkiaSharp;

namespace GpuNets.Tests.Images;

public sealed class RgbImageTests
{
    private static int Ramp(int x, int y, int channel) => (40 * x + 7 * y + 90 * channel) & 255;

    [Theory(Timeout = 30_000)]
    [InlineData(2, false, false)]
    [InlineData(2, true, false)]
    [InlineData(6, false, false)]
    [InlineData(6, true, true)]
    public async Task Colours_are_those_of_the_file(int color, bool interlaced, bool profile)
    {
        await Task.Yield();
        // Alpha 0 hides a pixel, and a gamma of 1 would darken it: neither changes what is read.
        var builder = new PngBuilder(13, 9, 8, color) { Interlaced = interlaced, Extra = profile ? [("gAMA", [0, 1, 0x86, 0xA0])] : [] };
        var image = RgbImage.Read("x.png", builder.Build((x, y, c) => c == 3 ? 31 * x & 255 : Ramp(x, y, c)));
        Assert.Equal((13, 9), (image.Width, image.Height));
        for (int y = 0; y < 9; y++)
            for (int x = 0; x < 13; x++) Assert.Equal(new RgbColor((byte)Ramp(x, y, 0), (byte)Ramp(x, y, 1), (byte)Ramp(x, y, 2)), image[x, y]);
    }

    [Fact(Timeout = 30_000)]
    public async Task Grey_and_palette_pictures_become_colours()
    {
        await Task.Yield();
        var grey = RgbImage.Read("g.png", new PngBuilder(5, 3, 4, 0).Build((x, y, _) => x + 3 * y));
        Assert.Equal(new RgbColor(17 * 10, 17 * 10, 17 * 10), grey[4, 2]);
        var palette = RgbImage.Read("p.png", new PngBuilder(3, 1, 2, 3) { Palette = [1, 2, 3, 10, 20, 30, 100, 150, 200] }.Build((x, _, _) => x));
        Assert.Equal([1, 2, 3, 10, 20, 30, 100, 150, 200], palette.Pixels);
    }

    [Fact(Timeout = 30_000)]
    public async Task Saved_pictures_read_back()
    {
        await Task.Yield();
        using var temp = new TempFolder();
        var image = new RgbImage(37, 11, [.. Enumerable.Range(0, 37 * 11 * 3).Select(i => (byte)(i * 31))]);
        image[36, 10] = new RgbColor(1, 254, 3);
        image.Save(temp.File("folder/a.png"));
        Assert.Equal(image.Pixels, RgbImage.Load(temp.File("folder/a.png")).Pixels);
        Assert.Throws<ArgumentException>(() => new RgbImage(3, 2, new byte[17]));
        Assert.Throws<ArgumentOutOfRangeException>(() => image[37, 0]);
        Assert.Throws<FileNotFoundException>(() => RgbImage.Load(temp.File("b.png")));
    }

    // EXIF orientation -> the corner of the stored picture that is top left, and the one that is top right, when it is upright.
    public static TheoryData<int, string, string> Orientations => new()
    {
        { 1, "TL", "TR" }, { 2, "TR", "TL" }, { 3, "BR", "BL" }, { 4, "BL", "BR" },
        { 5, "TL", "BL" }, { 6, "BL", "TL" }, { 7, "BR", "TR" }, { 8, "TR", "BR" },
    };

    [Theory(Timeout = 30_000)]
    [MemberData(nameof(Orientations))]
    public async Task Photographs_are_turned_upright(int orientation, string topLeft, string topRight)
    {
        await Task.Yield();
        var corners = new Dictionary<string, RgbColor> { ["TL"] = new(255, 0, 0), ["TR"] = new(0, 255, 0), ["BL"] = new(0, 0, 255), ["BR"] = new(255, 255, 255) };
        var stored = new RgbImage(48, 32);
        for (int y = 0; y < 32; y++)
            for (int x = 0; x < 48; x++) stored[x, y] = corners[(y < 16 ? "T" : "B") + (x < 24 ? "L" : "R")];
        byte[] jpeg = Jpeg(stored);
        // An APP1 part of one entry (0x0112, orientation) behind the start of the picture.
        byte[] exif =
        [
            0xFF, 0xE1, 0, 34, .. "Exif\0\0MM"u8, 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, (byte)orientation, 0, 0, 0, 0, 0, 0,
        ];
        var image = RgbImage.Read("photo.jpg", [.. jpeg[..2], .. exif, .. jpeg[2..]]);
        Assert.Equal(orientation >= 5 ? (32, 48) : (48, 32), (image.Width, image.Height));
        Near(corners[topLeft], image[4, 4]);
        Near(corners[topRight], image[image.Width - 5, 4]);
    }

    public static TheoryData<string, byte[], string> Unusable => new()
    {
        { "empty", [], "the file is empty" },
        { "text", [.. "hello, world"u8], "no picture" },
        { "16 bits", new PngBuilder(3, 3, 16, 2).Build((x, y, c) => 257 * (x + y)), "16 bits a channel" },
        { "cut PNG", new PngBuilder(64, 64, 8, 2).Build(Ramp)[..150], "truncated" },
        { "cut JPEG", Jpeg(RgbImage.Read("x.png", new PngBuilder(64, 64, 8, 2).Build(Ramp)))[..^200], "truncated" },
        { "JPEG header only", Jpeg(new RgbImage(64, 64))[..30], "no picture" },
        { "another format", Encoded(new RgbImage(8, 8), SKEncodedImageFormat.Webp), "a Webp picture" },
        { "2 GiB PNG", Resized(new PngBuilder(8, 8, 8, 2).Build(Ramp), 30_000, 30_000), "at most 134217728" },
        { "PNG that claims too much", Resized(new PngBuilder(8, 8, 8, 2).Build(Ramp), 9_000, 9_000), "9000x9000 pixels in" },
        { "no pixels", Resized(new PngBuilder(8, 8, 8, 2).Build(Ramp), 0, 8), "0x8 pixels" },
    };

    [Theory(Timeout = 30_000)]
    [MemberData(nameof(Unusable))]
    public async Task What_is_no_picture_is_one_clear_error(string kind, byte[] file, string expected)
    {
        await Task.Yield();
        using var temp = new TempFolder();
        File.WriteAllBytes(temp.File(kind), file);
        var error = Assert.Throws<DataFileException>(() => RgbImage.Load(temp.File(kind)));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.Equal(temp.File(kind), error.File);
    }

    [Fact(Timeout = 60_000)]
    public async Task Damaged_photographs_read_or_give_that_error()
    {
        await Task.Yield();
        var picture = new RgbImage(40, 30);
        for (int i = 0; i < picture.Pixels.Length; i++) picture.Pixels[i] = (byte)(i * i / 50);
        byte[] good = Jpeg(picture);
        var random = new Random(5);
        int refused = 0;
        for (int trial = 0; trial < 2000; trial++)
        {
            byte[] bytes = trial % 2 == 0 ? good[..random.Next(good.Length)] : (byte[])good.Clone();
            for (int i = 0; i < 2 && bytes.Length > 0; i++) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            try
            {
                var image = RgbImage.Read("x.jpg", bytes);
                Assert.Equal(3L * image.Width * image.Height, image.Pixels.Length);
            }
            catch (DataFileException) { refused++; }
        }
        Assert.True(refused > 800, $"{refused} were refused.");
    }

    private static byte[] Resized(byte[] png, int width, int height)
    {
        byte[] header = [.. png[16..29]];
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(header, width);
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        return [.. png[..8], .. PngBuilder.Part("IHDR", header), .. png[33..]];
    }

    private static byte[] Jpeg(RgbImage image) => Encoded(image, SKEncodedImageFormat.Jpeg);

    private static byte[] Encoded(RgbImage image, SKEncodedImageFormat format)
    {
        using var bitmap = SKBitmap.Decode(image.ToPng());
        using var data = bitmap.Encode(format, 95);
        return data.ToArray();
    }

    private static void Near(RgbColor expected, RgbColor actual) => Assert.True(
        Math.Abs(expected.Red - actual.Red) + Math.Abs(expected.Green - actual.Green) + Math.Abs(expected.Blue - actual.Blue) < 20, $"{actual}, expected {expected}");
}
