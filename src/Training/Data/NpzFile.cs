using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace GpuNets.Training;

/// <summary>
/// Reads NumPy files: <c>.npz</c> (a zip archive of arrays) and <c>.npy</c> (one array). Element types f4, f8, i1, i4, i8, u1
/// and b1, little endian, C order.
/// </summary>
public sealed class NpzFile : IDisposable
{
    /// <summary>Longest array header that is read; NumPy's own take 64 to 200 bytes.</summary>
    private const int MaxHeader = 1 << 16;

    /// <summary>Deflate gains at most a factor of 1032; an entry that claims more lies.</summary>
    private const int MaxRatio = 1100;

    private readonly ZipArchive _archive;
    private readonly long _length;
    private readonly Dictionary<string, ZipArchiveEntry> _entries = [];

    /// <summary>Opens an <c>.npz</c> file.</summary>
    /// <exception cref="DataFileException">The file is no zip archive, or names an array twice.</exception>
    /// <exception cref="IOException">The file is not there or cannot be opened.</exception>
    public NpzFile(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        File = path;
        var stream = System.IO.File.OpenRead(path);
        _length = stream.Length;
        try
        {
            _archive = new ZipArchive(stream, ZipArchiveMode.Read);
            foreach (var entry in _archive.Entries)
                if (!_entries.TryAdd(NameOf(entry.FullName), entry)) throw new DataFileException(path, NameOf(entry.FullName), "the array occurs twice");
        }
        catch (InvalidDataException e)
        {
            stream.Dispose();
            throw new DataFileException(path, null, $"no intact zip archive: {e.Message}", e);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>The file's path as given.</summary>
    public string File { get; }

    /// <summary>Names of the arrays, without <c>.npy</c>, in the order of the archive.</summary>
    public IReadOnlyCollection<string> Names => _entries.Keys;

    /// <summary>Reads one array.</summary>
    /// <exception cref="DataFileException">The array is not there, damaged, or of a kind that is not read.</exception>
    public NpyArray this[string name]
    {
        get
        {
            if (!_entries.TryGetValue(name, out var entry))
                throw new DataFileException(File, name, $"no such array; the file has {string.Join(", ", Names.Take(20))}{(Names.Count > 20 ? ", ..." : "")}");
            try
            {
                using var stream = entry.Open();
                return Read(File, name, stream, Math.Min(entry.Length, Math.Min(entry.CompressedLength, _length) * MaxRatio));
            }
            catch (InvalidDataException e)
            {
                throw new DataFileException(File, name, $"damaged: {e.Message}", e);
            }
        }
    }

    /// <summary>Reads an <c>.npy</c> file.</summary>
    /// <exception cref="DataFileException">The file is damaged or of a kind that is not read.</exception>
    /// <exception cref="IOException">The file is not there or cannot be opened.</exception>
    public static NpyArray ReadNpy(string path)
    {
        using var stream = System.IO.File.OpenRead(path);
        return Read(path, NameOf(Path.GetFileName(path)), stream, stream.Length);
    }

    /// <summary>All arrays as saved state: floats as float32, integers as int64; names as in the file.</summary>
    /// <exception cref="DataFileException">An array is damaged or of a kind that is not read.</exception>
    public StateDict ToStateDict()
    {
        var state = new StateDict();
        foreach (string name in Names)
        {
            var array = this[name];
            long[] shape = [.. array.Shape.Select(size => (long)size)];
            state.Add(array.Type is NpyType.F4 or NpyType.F8
                ? StateTensor.From(name, shape, array.ToFloats())
                : StateTensor.From(name, shape, array.ToInt64()));
        }
        return state;
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _archive.Dispose();

    private static string NameOf(string file) => file.EndsWith(".npy", StringComparison.Ordinal) ? file[..^4] : file;

    private static NpyArray Read(string file, string name, Stream stream, long available)
    {
        try
        {
            Span<byte> start = stackalloc byte[8];
            stream.ReadExactly(start);
            if (start[0] != 0x93 || !start[1..6].SequenceEqual("NUMPY"u8)) throw new FormatException("no NumPy array");
            // Version 1.0 has a 2-byte header length; 2.0 and 3.0 have 4 bytes.
            Span<byte> size = stackalloc byte[start[6] == 1 ? 2 : 4];
            if (start[6] is < 1 or > 3) throw new FormatException($"NumPy array format {start[6]}.{start[7]}, 1 to 3 are read");
            stream.ReadExactly(size);
            uint length = size.Length == 2 ? BinaryPrimitives.ReadUInt16LittleEndian(size) : BinaryPrimitives.ReadUInt32LittleEndian(size);
            if (length > MaxHeader) throw new FormatException($"the header would have {length} bytes, at most {MaxHeader} are read");
            var text = new byte[length];
            stream.ReadExactly(text);
            var header = NpyHeader.Parse(Encoding.UTF8.GetString(text));
            long there = available - 8 - size.Length - length;
            if (header.Bytes > there) throw new FormatException($"shape and type take {header.Bytes} bytes but at most {there} follow");
            var bytes = new byte[header.Bytes];
            stream.ReadExactly(bytes);
            if (stream.ReadByte() >= 0) throw new FormatException($"data goes on after the {header.Bytes} bytes of the array");
            return new NpyArray(file, name, header.Type, header.Shape, bytes);
        }
        catch (Exception e) when (e is FormatException or EndOfStreamException)
        {
            throw new DataFileException(file, name, e is FormatException ? e.Message : "the array is truncated", e);
        }
    }
}
