using System.Buffers.Binary;
using System.IO.Compression;

namespace GpuNets.Tests.Images;

/// <summary>Writes PNG files of any depth and colour type part by part, so that tests do not depend on the library that reads them.</summary>
internal sealed class PngBuilder(int width, int height, int depth, int color)
{
    public bool Interlaced { get; init; }

    public byte[]? Palette { get; init; }

    /// <summary>Parts between the header and the pixels, such as tRNS or gAMA.</summary>
    public IReadOnlyList<(string Type, byte[] Content)> Extra { get; init; } = [];

    private int Channels => color switch { 2 => 3, 4 => 2, 6 => 4, _ => 1 };

    /// <summary>The file; <paramref name="sample"/> gives the value at (x, y, channel).</summary>
    public byte[] Build(Func<int, int, int, int> sample)
    {
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            foreach (var (left, top, across, down) in Passes())
            {
                for (int y = top; left < width && y < height; y += down) zlib.Write([0, .. Row(sample, left, across, y)]);
            }
        }
        byte[] header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9], header[12]) = ((byte)depth, (byte)color, (byte)(Interlaced ? 1 : 0));
        return
        [
            0x89, .. "PNG\r\n\x1a\n"u8, .. Part("IHDR", header), .. Palette is null ? [] : Part("PLTE", Palette),
            .. Extra.SelectMany(part => Part(part.Type, part.Content)), .. Part("IDAT", packed.ToArray()), .. Part("IEND", []),
        ];
    }

    public static byte[] Part(string type, byte[] content)
    {
        byte[] part = [0, 0, 0, 0, .. System.Text.Encoding.Latin1.GetBytes(type), .. content, 0, 0, 0, 0];
        BinaryPrimitives.WriteInt32BigEndian(part, content.Length);
        uint crc = uint.MaxValue;
        foreach (byte value in part.AsSpan(4, content.Length + 4))
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++) crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xEDB88320 : crc >> 1;
        }
        BinaryPrimitives.WriteUInt32BigEndian(part.AsSpan(part.Length - 4), ~crc);
        return part;
    }

    // Adam7: left, top, and steps of the seven passes.
    private IEnumerable<(int, int, int, int)> Passes() => Interlaced
        ? [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
        : [(0, 0, 1, 1)];

    private byte[] Row(Func<int, int, int, int> sample, int left, int step, int y)
    {
        var bits = new List<bool>();
        for (int x = left; x < width; x += step)
            for (int c = 0; c < Channels; c++)
                for (int bit = depth - 1; bit >= 0; bit--) bits.Add(((sample(x, y, c) >> bit) & 1) == 1);
        byte[] row = new byte[(bits.Count + 7) / 8];
        for (int i = 0; i < bits.Count; i++) if (bits[i]) row[i / 8] |= (byte)(0x80 >> (i % 8));
        return row;
    }
}
