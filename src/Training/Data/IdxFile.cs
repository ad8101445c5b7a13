using System.Buffers.Binary;
using System.Collections.Immutable;
using System.IO.Compression;

namespace GpuNets.Training;

/// <summary>
/// An array of unsigned bytes in the IDX format of MNIST, plain or gzipped: bytes 0, 0, 8, number of dimensions; a big-endian 32-bit
/// size a dimension; the elements in row-major order.
/// </summary>
public sealed class IdxFile
{
    private const byte UnsignedByte = 8;

    private IdxFile(string file, ImmutableArray<int> shape, byte[] values) => (File, Shape, Values) = (file, shape, values);

    /// <summary>The file it came from.</summary>
    public string File { get; }

    /// <summary>Dimensions, outermost first; at least one.</summary>
    public ImmutableArray<int> Shape { get; }

    /// <summary>The elements in row-major order.</summary>
    public byte[] Values { get; }

    /// <summary>Elements of one entry of the outermost dimension.</summary>
    public int Stride => Shape.Skip(1).Aggregate(1, (count, size) => count * size);

    /// <summary>One entry of the outermost dimension, such as an image.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such entry.</exception>
    public ReadOnlySpan<byte> this[int index] => (uint)index < (uint)Shape[0]
        ? Values.AsSpan(index * Stride, Stride)
        : throw new ArgumentOutOfRangeException(nameof(index), index, $"{File} has entries 0 to {Shape[0] - 1}.");

    /// <summary>Reads a file; gzip is told by its first bytes.</summary>
    /// <exception cref="DataFileException">The file is damaged, truncated, goes on after its array, or holds elements of another type.</exception>
    /// <exception cref="IOException">The file is not there or cannot be read.</exception>
    public static IdxFile Read(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        using var file = System.IO.File.OpenRead(path);
        bool zipped = file.ReadByte() == 0x1F && file.ReadByte() == 0x8B;
        file.Position = 0;
        using var stream = zipped ? new GZipStream(file, CompressionMode.Decompress) : (Stream)file;
        try
        {
            // Deflate gains at most a factor of 1032: a header that promises more than that is refused before memory is taken.
            return Read(path, stream, zipped ? file.Length * 1100 : file.Length);
        }
        catch (InvalidDataException e)
        {
            throw new DataFileException(path, null, $"no intact gzip file: {e.Message}", e);
        }
        catch (EndOfStreamException e)
        {
            throw new DataFileException(path, null, "the file is truncated", e);
        }
    }

    private static IdxFile Read(string path, Stream stream, long available)
    {
        Span<byte> start = stackalloc byte[4], size = stackalloc byte[4];
        stream.ReadExactly(start);
        if (start[0] != 0 || start[1] != 0) throw new DataFileException(path, null, $"no IDX file: it starts with bytes {start[0]}, {start[1]}, expected 0, 0");
        if (start[2] != UnsignedByte) throw new DataFileException(path, null, $"elements of type 0x{start[2]:x2} are not read; unsigned bytes (0x08) are");
        if (start[3] == 0) throw new DataFileException(path, null, "an array without dimensions, expected at least one");
        var shape = ImmutableArray.CreateBuilder<int>(start[3]);
        long count = 1;
        for (int i = 0; i < start[3]; i++)
        {
            stream.ReadExactly(size);
            uint length = BinaryPrimitives.ReadUInt32BigEndian(size);
            // Of sizes below 2^31 a product of two fits; it is checked before the next one.
            if (length > int.MaxValue || (count *= length) > Math.Min(available, Array.MaxLength))
                throw new DataFileException(path, null, $"dimension {i} of size {length} makes the array larger than the file can hold");
            shape.Add((int)length);
        }
        byte[] values = GC.AllocateUninitializedArray<byte>((int)count);
        stream.ReadExactly(values);
        if (stream.ReadByte() >= 0) throw new DataFileException(path, null, $"data goes on after the {count} bytes of the array [{string.Join(", ", shape)}]");
        return new IdxFile(path, shape.ToImmutable(), values);
    }
}
