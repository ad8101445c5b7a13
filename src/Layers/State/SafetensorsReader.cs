using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;

namespace GpuNets;

/// <summary>
/// Reads tensors of a safetensors file one by one. Opening reads and checks the header only, so a few tensors of a large
/// file cost what these tensors weigh. Not safe for use while another process rewrites the file in place.
/// </summary>
public sealed class SafetensorsReader : IDisposable
{
    private const int ChunkBytes = 1 << 16;

    private readonly SafeFileHandle _handle;
    private readonly Dictionary<string, StateEntry> _byName = [];
    private readonly long _dataStart;

    /// <summary>Opens a file and checks its header.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="StateDictException">The file is no intact safetensors file.</exception>
    /// <exception cref="IOException">The file is not there or cannot be opened.</exception>
    public SafetensorsReader(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (Directory.Exists(path)) throw new StateDictException(path, null, "this is a folder, expected a safetensors file");
        File = path;
        _handle = System.IO.File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
        try
        {
            long length = RandomAccess.GetLength(_handle);
            byte[] header = ReadHeader(length);
            _dataStart = 8 + header.Length;
            (Entries, Metadata) = SafetensorsHeader.Parse(path, header, length - _dataStart);
            foreach (var entry in Entries) _byName.Add(entry.Name, entry);
        }
        catch
        {
            _handle.Dispose();
            throw;
        }
    }

    /// <summary>The file's path as given.</summary>
    public string File { get; }

    /// <summary>The tensors, in the order of their bytes in the file.</summary>
    public IReadOnlyList<StateEntry> Entries { get; }

    /// <summary>Text about the file (<c>__metadata__</c>); empty when there is none.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>True when the file has a tensor of this name.</summary>
    public bool Contains(string name) => _byName.ContainsKey(name);

    /// <summary>Describes one tensor.</summary>
    /// <exception cref="StateDictException">There is no tensor of this name.</exception>
    public StateEntry Entry(string name) => _byName.TryGetValue(name, out var entry)
        ? entry
        : throw new StateDictException(File, name, $"not in the file, which has {Entries.Count} tensors");

    /// <summary>Reads one tensor as it is stored.</summary>
    /// <exception cref="StateDictException">The tensor is not there, has over 2 GiB, or the file ended early.</exception>
    public StateTensor Read(string name)
    {
        var entry = Entry(name);
        if (entry.Bytes > Array.MaxLength)
            throw new StateDictException(File, name, $"{entry.Bytes} bytes are more than one array holds; read it in parts");
        var bytes = new byte[entry.Bytes];
        Fill(bytes, _dataStart + entry.Begin, name);
        return new StateTensor(name, entry.Type, entry.Shape, bytes);
    }

    /// <summary>Reads elements <paramref name="start"/> and following of one tensor as float, through a small buffer.</summary>
    /// <param name="name">The tensor.</param>
    /// <param name="start">First element to read.</param>
    /// <param name="values">Receives the values.</param>
    /// <exception cref="StateDictException">The tensor is not there, its type has no conversion, or the file ended early.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The range goes beyond the tensor.</exception>
    public void Read(string name, long start, Span<float> values)
    {
        var entry = Entry(name);
        if (!entry.Type.IsConvertible()) throw new StateDictException(File, name, StateTensor.NoConversion(entry.Type, "float"));
        if (start < 0 || start > entry.Count - values.Length)
            throw new ArgumentOutOfRangeException(
                nameof(start), $"{name}: elements {start} to {start + values.Length} asked for, the tensor has {entry.Count}.");
        int size = entry.Type.Bits() / 8;
        var buffer = new byte[Math.Min(ChunkBytes, (long)values.Length * size)];
        for (int done = 0; done < values.Length;)
        {
            int count = Math.Min(buffer.Length / size, values.Length - done);
            Fill(buffer.AsSpan(0, count * size), _dataStart + entry.Begin + ((start + done) * size), name);
            ElementConversion.ToFloats(entry.Type, buffer, values.Slice(done, count));
            done += count;
        }
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _handle.Dispose();

    private byte[] ReadHeader(long length)
    {
        if (length < 8)
            throw new StateDictException(File, null, $"the file has {length} bytes; a safetensors file starts with 8 bytes that tell the header's length");
        Span<byte> prefix = stackalloc byte[8];
        Fill(prefix, 0, null);
        ulong size = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (size > (ulong)SafetensorsHeader.MaxBytes)
            throw new StateDictException(File, null, $"the header would have {size} bytes, the format allows {SafetensorsHeader.MaxBytes}; this is no safetensors file or it is damaged");
        if ((long)size > length - 8)
            throw new StateDictException(File, null, $"the header would have {size} bytes but only {length - 8} follow; the file may be truncated");
        var header = new byte[size];
        Fill(header, 8, null);
        return header;
    }

    private void Fill(Span<byte> bytes, long offset, string? tensor)
    {
        while (bytes.Length > 0)
        {
            int read = RandomAccess.Read(_handle, bytes, offset);
            if (read == 0) throw new StateDictException(File, tensor, $"the file ended at byte {offset} while it was read");
            bytes = bytes[read..];
            offset += read;
        }
    }
}
