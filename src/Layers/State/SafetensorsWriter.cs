using System.Buffers;
using System.Buffers.Binary;
using System.Text.Json;

namespace GpuNets;

/// <summary>Writes a safetensors file: 8 bytes of header length, the JSON header padded to 8 bytes, the tensors' bytes.</summary>
internal static class SafetensorsWriter
{
    /// <summary>Writes to a stream. Wider types come first, so that every tensor lies aligned; within one width the order is kept.</summary>
    public static void Write(Stream stream, IEnumerable<StateTensor> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        StateTensor[] ordered = [.. tensors.OrderByDescending(t => t.Type.Bits())];
        var header = Header(ordered, metadata);
        if (header.Length > SafetensorsHeader.MaxBytes)
            throw new InvalidOperationException($"The header takes {header.Length} bytes, the format allows {SafetensorsHeader.MaxBytes}.");
        Span<byte> prefix = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(prefix, (ulong)header.Length);
        stream.Write(prefix);
        stream.Write(header);
        foreach (var tensor in ordered) stream.Write(tensor.Bytes.Span);
    }

    private static ReadOnlySpan<byte> Header(StateTensor[] tensors, IReadOnlyDictionary<string, string> metadata)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            WriteMetadata(json, metadata);
            long offset = 0;
            foreach (var tensor in tensors)
            {
                json.WriteStartObject(tensor.Name);
                json.WriteString("dtype", tensor.Type.ToString());
                WriteNumbers(json, "shape", tensor.Shape.AsSpan());
                WriteNumbers(json, "data_offsets", [offset, offset + tensor.Bytes.Length]);
                json.WriteEndObject();
                offset += tensor.Bytes.Length;
            }
            json.WriteEndObject();
        }
        int padding = -buffer.WrittenCount & 7;
        buffer.GetSpan(padding)[..padding].Fill((byte)' ');
        buffer.Advance(padding);
        return buffer.WrittenSpan;
    }

    private static void WriteMetadata(Utf8JsonWriter json, IReadOnlyDictionary<string, string> metadata)
    {
        if (metadata.Count == 0) return;
        json.WriteStartObject(SafetensorsHeader.MetadataName);
        foreach (var (key, value) in metadata.OrderBy(p => p.Key, StringComparer.Ordinal)) json.WriteString(key, value);
        json.WriteEndObject();
    }

    private static void WriteNumbers(Utf8JsonWriter json, string name, ReadOnlySpan<long> numbers)
    {
        json.WriteStartArray(name);
        foreach (long number in numbers) json.WriteNumberValue(number);
        json.WriteEndArray();
    }
}
