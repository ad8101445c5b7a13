using System.Buffers.Binary;

namespace GpuNets.Training;

/// <summary>
/// What a PNG file says about itself: sizes, depth, colour type and the size of its palette. Chunks are checked to be there wholly,
/// critical ones by their check sums too.
/// </summary>
internal sealed class PngChunks
{
    /// <summary>Deflate gains at most a factor of 1032; a picture that claims more lies.</summary>
    private const int MaxRatio = 1100;

    private static readonly uint[] _crcTable = MakeCrcTable();

    private readonly string _file;
    private readonly byte[] _bytes;
    private readonly List<(int Start, int Length)> _data = [];

    public PngChunks(string file, byte[] bytes)
    {
        (_file, _bytes) = (file, bytes);
        int at = Signature.Length;
        bool ended = false;
        for (bool first = true; !ended; first = false)
        {
            if (bytes.Length - at < 12) throw Error("the PNG is truncated");
            ReadOnlySpan<byte> type = bytes.AsSpan(at + 4, 4);
            int length = BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(at));
            if (length < 0 || length > bytes.Length - at - 12) throw Error($"the PNG is truncated: its part {Text(type)} of {(uint)length} bytes goes beyond the end");
            if (first != type.SequenceEqual("IHDR"u8)) throw Error($"a damaged PNG: {(first ? "it begins with" : "it has a second")} {Text(type)}");
            // Upper case first letter: a part that a reader must understand.
            if (type[0] is >= (byte)'A' and <= (byte)'Z' && Crc(bytes.AsSpan(at + 4, 4 + length)) != BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(at + 8 + length)))
                throw Error($"a damaged PNG: the check sum of its part {Text(type)} is wrong");
            Take(type, at, length);
            ended = type.SequenceEqual("IEND"u8);
            at += 12 + length;
        }
        long size = (long)Width * Height * Depth * (Color switch { 2 => 3, 4 => 2, 6 => 4, _ => 1 }) / 8;
        if ((long)Width * Height > ImageCodec.MaxPixels) throw Error($"{Width}x{Height} pixels, at most {ImageCodec.MaxPixels} are read");
        if (size > _data.Sum(part => (long)part.Length) * MaxRatio) throw Error($"a damaged PNG: {Width}x{Height} pixels in {_data.Sum(part => part.Length)} bytes");
        if (Color == 3 && PaletteEntries is < 1 or > 256) throw Error($"a damaged PNG: it has a palette of {PaletteEntries} colours");
    }

    public int Width { get; private set; }

    public int Height { get; private set; }

    /// <summary>Bits a channel: 1, 2, 4, 8 or 16.</summary>
    public int Depth { get; private set; }

    /// <summary>0 grey, 2 RGB, 3 palette, 4 grey and alpha, 6 RGBA.</summary>
    public int Color { get; private set; }

    /// <summary>Colours of its palette; 0 without one.</summary>
    public int PaletteEntries { get; private set; }

    private static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    public static bool IsPng(ReadOnlySpan<byte> bytes) => bytes.StartsWith(Signature);

    /// <summary>
    /// The same pixels as a greyscale picture without anything that decoders act on: of a palette picture, its indices. So a decoder
    /// that only gives colours gives indices, also where two of them have one colour.
    /// </summary>
    public byte[] AsGrey() => Rebuild(color: 0, palette: []);

    /// <summary>The same pixels, 8 bits of grey, taken as indices of a palette.</summary>
    public byte[] WithPalette(IEnumerable<RgbColor> colors) => Rebuild(color: 3, [.. colors.SelectMany(c => new[] { c.Red, c.Green, c.Blue })]);

    private byte[] Rebuild(byte color, byte[] palette)
    {
        using var png = new MemoryStream(_bytes.Length + palette.Length + 64);
        png.Write(Signature);
        byte[] header = _bytes[(Signature.Length + 8)..(Signature.Length + 21)];
        header[9] = color;
        Write(png, "IHDR"u8, header);
        if (palette.Length > 0) Write(png, "PLTE"u8, palette);
        foreach (var (start, length) in _data) Write(png, "IDAT"u8, _bytes.AsSpan(start, length));
        Write(png, "IEND"u8, []);
        return png.ToArray();
    }

    private void Take(ReadOnlySpan<byte> type, int at, int length)
    {
        var content = _bytes.AsSpan(at + 8, length);
        if (type.SequenceEqual("IHDR"u8))
        {
            if (length != 13) throw Error($"a damaged PNG: its header has {length} bytes, expected 13");
            (Width, Height) = (BinaryPrimitives.ReadInt32BigEndian(content), BinaryPrimitives.ReadInt32BigEndian(content[4..]));
            (Depth, Color) = (content[8], content[9]);
            if (Width < 1 || Height < 1) throw Error($"a damaged PNG: {(uint)Width}x{(uint)Height} pixels");
            bool known = Color switch { 0 => Depth is 1 or 2 or 4 or 8 or 16, 3 => Depth is 1 or 2 or 4 or 8, 2 or 4 or 6 => Depth is 8 or 16, _ => false };
            if (!known) throw Error($"a damaged PNG: colour type {Color} of {Depth} bits");
        }
        else if (type.SequenceEqual("PLTE"u8))
        {
            if (length % 3 != 0) throw Error($"a damaged PNG: its palette has {length} bytes");
            PaletteEntries = length / 3;
        }
        else if (type.SequenceEqual("IDAT"u8))
        {
            _data.Add((at + 8, length));
        }
    }

    private static void Write(Stream png, ReadOnlySpan<byte> type, ReadOnlySpan<byte> content)
    {
        byte[] part = [0, 0, 0, 0, .. type, .. content, 0, 0, 0, 0];
        BinaryPrimitives.WriteInt32BigEndian(part, content.Length);
        BinaryPrimitives.WriteUInt32BigEndian(part.AsSpan(part.Length - 4), Crc(part.AsSpan(4..^4)));
        png.Write(part);
    }

    private static uint Crc(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in bytes) crc = _crcTable[(byte)(crc ^ value)] ^ (crc >> 8);
        return ~crc;
    }

    private static uint[] MakeCrcTable()
    {
        uint[] table = new uint[256];
        for (uint i = 0; i < 256; i++)
        {
            table[i] = i;
            for (int bit = 0; bit < 8; bit++) table[i] = (table[i] & 1) != 0 ? 0xEDB88320 ^ (table[i] >> 1) : table[i] >> 1;
        }
        return table;
    }

    private DataFileException Error(string problem) => new(_file, null, problem);

    // Names of damaged parts may hold anything.
    private static string Text(ReadOnlySpan<byte> type) => string.Concat(type.ToArray().Select(c => c is > 32 and < 127 ? ((char)c).ToString() : $"\\x{c:x2}"));
}
