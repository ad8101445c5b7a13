using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace GpuNets.Training;

/// <summary>
/// Text files of one sentence a line, plain or gzipped: UTF-8, lines end with a line feed (a carriage return before it is dropped), a byte
/// order mark is passed over. Other separators of Unicode stay inside their line, as line numbers pair sentences.
/// </summary>
public static class TextFile
{
    private static readonly UTF8Encoding _strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads all lines; gzip (of one part) is told by its first bytes. A last line without a line feed counts.</summary>
    /// <exception cref="DataFileException">Damaged gzip, or a line that is no valid UTF-8; the message names the line.</exception>
    /// <exception cref="IOException">The file is not there or cannot be read.</exception>
    public static IReadOnlyList<string> ReadLines(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using var file = File.OpenRead(path);
        bool zipped = file.ReadByte() == 0x1F && file.ReadByte() == 0x8B;
        file.Position = 0;
        using var stream = zipped ? new GZipStream(file, CompressionMode.Decompress) : (Stream)file;
        try
        {
            var lines = ReadLines(path, stream, out long bytes);
            if (zipped) CheckSize(path, file, bytes);
            return lines;
        }
        catch (InvalidDataException e)
        {
            throw new DataFileException(path, null, $"no intact gzip file: {e.Message}", e);
        }
    }

    // The last four bytes of a gzip file are the size of its content; the stream itself ends without a word where the file is cut.
    private static void CheckSize(string path, FileStream file, long bytes)
    {
        Span<byte> size = stackalloc byte[4];
        file.Seek(-size.Length, SeekOrigin.End);
        file.ReadExactly(size);
        if (BinaryPrimitives.ReadUInt32LittleEndian(size) != (uint)bytes)
            throw new DataFileException(path, null, $"the gzip file is truncated, or made of several parts, after {bytes} bytes of text; pack it anew");
    }

    private static List<string> ReadLines(string path, Stream stream, out long bytes)
    {
        bytes = 0;
        List<string> lines = [];
        var line = new ArrayBufferWriter<byte>();
        byte[] buffer = new byte[1 << 16];
        for (int count = stream.Read(buffer); count > 0; count = stream.Read(buffer))
        {
            bytes += count;
            var rest = buffer.AsSpan(0, count);
            for (int end = rest.IndexOf((byte)'\n'); end >= 0; end = rest.IndexOf((byte)'\n'))
            {
                line.Write(rest[..end]);
                lines.Add(Decode(path, lines.Count + 1, line.WrittenSpan));
                line.ResetWrittenCount();
                rest = rest[(end + 1)..];
            }
            line.Write(rest);
        }
        if (line.WrittenCount > 0) lines.Add(Decode(path, lines.Count + 1, line.WrittenSpan));
        return lines;
    }

    private static string Decode(string path, int number, ReadOnlySpan<byte> bytes)
    {
        if (number == 1 && bytes.StartsWith(Encoding.UTF8.Preamble)) bytes = bytes[Encoding.UTF8.Preamble.Length..];
        if (bytes.EndsWith("\r"u8)) bytes = bytes[..^1];
        try
        {
            return _strict.GetString(bytes);
        }
        catch (DecoderFallbackException e)
        {
            throw new DataFileException(path, $"line {number}", $"no valid UTF-8 at byte {e.Index + 1} of the line", e);
        }
    }
}
