using GpuNets.Training;
using SkiaSharp;

namespace GpuNets.Tests.Images;

public sealed class LabelMapTests
{
    // VOC's colours by name, from the development kit's label list.
    [Theory(Timeout = 10_000)]
    [InlineData(0, 0, 0, 0)]
    [InlineData(1, 128, 0, 0)]
    [InlineData(2, 0, 128, 0)]
    [InlineData(3, 128, 128, 0)]
    [InlineData(8, 64, 0, 0)]
    [InlineData(15, 192, 128, 128)]
    [InlineData(16, 0, 64, 0)]
    [InlineData(20, 0, 64, 128)]
    [InlineData(255, 224, 224, 192)]
    public async Task VOC_colours(int label, byte red, byte green, byte blue)
    {
        await Task.Yield();
        Assert.Equal(new RgbColor(red, green, blue), Palette.Voc[label]);
        Assert.Equal(label, Palette.Voc.IndexOf(new RgbColor(red, green, blue)));
    }

    [Fact(Timeout = 10_000)]
    public async Task Palettes_know_their_classes_only()
    {
        await Task.Yield();
        Assert.Equal(256, Enumerable.Range(0, 256).Select(i => Palette.Voc[i]).Distinct().Count());
        Assert.Equal((11, 12), (Palette.CamVid.Colors.Length, Palette.CamVid.Colors.Append(Palette.CamVid.VoidColor).Distinct().Count()));
        Assert.Equal(-1, Palette.CamVid.IndexOf(new RgbColor(1, 2, 3)));
        Assert.Throws<ArgumentOutOfRangeException>(() => Palette.CamVid[11]);
        Assert.Throws<ArgumentException>(() => Palette.CamVid.Take(12));
        Assert.Throws<ArgumentException>(() => new Palette([], default));
    }

    public static TheoryData<int, int, bool> IndexKinds => new()
    {
        { 3, 1, false }, { 3, 2, false }, { 3, 4, true }, { 3, 8, false }, { 3, 8, true },
        { 0, 1, true }, { 0, 2, false }, { 0, 4, false }, { 0, 8, false }, { 0, 8, true },
    };

    [Theory(Timeout = 30_000)]
    [MemberData(nameof(IndexKinds))]
    public async Task Indices_are_those_of_the_file_whatever_their_colours(int color, int depth, bool interlaced)
    {
        await Task.Yield();
        int values = 1 << depth;
        // All entries but two have one colour, some are transparent, and a gamma stands in the file.
        byte[] palette = new byte[3 * values];
        (palette[1], palette[^1]) = (77, 200);
        var builder = new PngBuilder(19, 10, depth, color)
        {
            Interlaced = interlaced,
            Palette = color == 3 ? palette : null,
            Extra = [.. color == 3 ? new[] { ("tRNS", new byte[] { 0, 128 }) } : [("tRNS", new byte[] { 0, 1 })], ("gAMA", [0, 1, 0x86, 0xA0])],
        };
        var map = LabelMap.Read("m.png", builder.Build((x, y, _) => (x + 19 * y) % values));
        Assert.Equal((19, 10), (map.Width, map.Height));
        Assert.Equal(Enumerable.Range(0, 190).Select(i => (byte)(i % values)), map.Labels);
    }

    [Fact(Timeout = 30_000)]
    public async Task Colour_masks_read_by_a_palette()
    {
        await Task.Yield();
        int[] classes = [0, 15, 255, 20, 15, 1];
        byte[] file = new PngBuilder(3, 2, 8, 2).Build((x, y, c) => Palette.Voc[classes[3 * y + x]] is var k ? c == 0 ? k.Red : c == 1 ? k.Green : k.Blue : 0);
        Assert.Equal(classes.Select(k => (byte)k), LabelMap.Read("m.png", file, Palette.Voc).Labels);
        Assert.Contains("palette", Assert.Throws<DataFileException>(() => LabelMap.Read("m.png", file)).Message, StringComparison.Ordinal);
        var unknown = Assert.Throws<DataFileException>(() => LabelMap.Read("m.png", file, Palette.CamVid));
        Assert.Equal("m.png: pixel (1, 0): colour #c08080 is not in the palette", Assert.Throws<DataFileException>(() => LabelMap.Read("m.png", file, Palette.Voc.Take(15))).Message);
        Assert.Equal("pixel (2, 0)", unknown.Entry);
    }

    [Theory(Timeout = 30_000)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Saved_maps_read_back(bool palette)
    {
        await Task.Yield();
        using var temp = new TempFolder();
        var map = new LabelMap(37, 7, [.. Enumerable.Range(0, 37 * 7).Select(i => (byte)(i % 2 == 0 ? 255 : i % 21))]);
        map.Save(temp.File("m.png"), palette ? Palette.Voc : null);
        byte[] file = File.ReadAllBytes(temp.File("m.png"));
        Assert.Equal((8, palette ? 3 : 0), (file[24], file[25]));
        Assert.Equal(map.Labels, LabelMap.Load(temp.File("m.png")).Labels);
        using var shown = SKBitmap.Decode(file);
        var expected = palette ? Palette.Voc[map[5, 3]] : new RgbColor(map[5, 3], map[5, 3], map[5, 3]);
        Assert.Equal(expected, new RgbColor(shown.GetPixel(5, 3).Red, shown.GetPixel(5, 3).Green, shown.GetPixel(5, 3).Blue));
        if (palette) Assert.Equal(Palette.Voc.Paint(map).Pixels, RgbImage.Load(temp.File("m.png")).Pixels);
    }

    private static byte[] Sample => new PngBuilder(24, 20, 8, 3) { Palette = new byte[12] }.Build((x, y, _) => (x * y) & 3);

    public static TheoryData<string, byte[], string> Unusable => new()
    {
        { "empty", [], "the file is empty" },
        { "JPEG", [0xFF, 0xD8, 0xFF, 0xE0, 0, 0], "no PNG picture" },
        { "16 bits", new PngBuilder(3, 3, 16, 0).Build((x, y, _) => x), "16 bits a channel" },
        { "truncated", Sample[..^20], "truncated" },
        { "no end", Sample[..^12], "truncated" },
        { "wrong check sum", [.. Sample[..60], (byte)(Sample[60] ^ 1), .. Sample[61..]], "check sum" },
        { "pixels missing", Replaced(24, 40), "truncated" },
        { "index beyond the palette", new PngBuilder(3, 2, 8, 3) { Palette = new byte[9] }.Build((x, y, _) => x + y), "pixel (2, 1): index 3, but the palette has 3 colours" },
        { "no palette", new PngBuilder(3, 2, 8, 3).Build((x, y, _) => x), "palette of 0 colours" },
        { "palette of two bytes", new PngBuilder(3, 2, 8, 3) { Palette = new byte[2] }.Build((x, y, _) => x), "palette has 2 bytes" },
        { "huge", Replaced(2_000_000_000, 2_000_000_000), "at most 134217728" },
        { "claims too much", Replaced(10_000, 10_000), "10000x10000 pixels in" },
        { "negative", Replaced(-5, 20), "4294967291x20" },
        { "depth 3", [.. Sample[..8], .. PngBuilder.Part("IHDR", [0, 0, 0, 24, 0, 0, 0, 20, 3, 0, 0, 0, 0]), .. Sample[33..]], "of 3 bits" },
    };

    [Theory(Timeout = 30_000)]
    [MemberData(nameof(Unusable))]
    public async Task What_is_no_mask_is_one_clear_error(string kind, byte[] file, string expected)
    {
        await Task.Yield();
        using var temp = new TempFolder();
        File.WriteAllBytes(temp.File(kind), file);
        var error = Assert.Throws<DataFileException>(() => LabelMap.Load(temp.File(kind), Palette.Voc));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.Equal(temp.File(kind), error.File);
    }

    [Fact(Timeout = 60_000)]
    public async Task Damaged_masks_are_refused_or_unchanged()
    {
        await Task.Yield();
        byte[] good = Sample, labels = LabelMap.Read("m.png", good).Labels;
        var random = new Random(3);
        int refused = 0;
        for (int trial = 0; trial < 4000; trial++)
        {
            byte[] bytes = trial < good.Length ? good[..trial] : (byte[])good.Clone();
            if (trial >= good.Length)
            {
                int at = random.Next(8, bytes.Length);
                bytes[at] = (byte)random.Next(256);
                // Half of them with right check sums, so that damage reaches what lies behind them.
                if (trial % 2 == 0) bytes = Resealed(bytes);
            }
            try
            {
                var map = LabelMap.Read("m.png", bytes, Palette.Voc);
                Assert.Equal(map.Labels.Length, map.Width * map.Height);
                if (trial % 2 == 1) Assert.Equal(labels, map.Labels);
            }
            catch (DataFileException) { refused++; }
        }
        Assert.True(refused > 2000, $"{refused} were refused.");
    }

    private static byte[] Replaced(int width, int height)
    {
        byte[] header = Sample[16..29];
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(header, width);
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        return [.. Sample[..8], .. PngBuilder.Part("IHDR", header), .. Sample[33..]];
    }

    private static byte[] Resealed(byte[] png)
    {
        var parts = new List<byte>(png[..8]);
        for (int at = 8; at + 12 <= png.Length;)
        {
            int length = System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(at));
            if (length < 0 || length > png.Length - at - 12) return png;
            parts.AddRange(PngBuilder.Part(System.Text.Encoding.Latin1.GetString(png, at + 4, 4), png[(at + 8)..(at + 8 + length)]));
            at += 12 + length;
        }
        return [.. parts];
    }
}
