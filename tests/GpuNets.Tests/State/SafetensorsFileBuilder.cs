using System.Buffers.Binary;
using System.Text;

namespace GpuNets.Tests.State;

/// <summary>Writes safetensors files byte by byte, damaged ones too.</summary>
internal static class SafetensorsFileBuilder
{
    /// <summary>A file with this header text and data; the length prefix tells the truth unless given.</summary>
    public static byte[] Build(string header, int dataBytes, ulong? length = null) => Build(Encoding.UTF8.GetBytes(header), new byte[dataBytes], length);

    public static byte[] Build(byte[] header, byte[] data, ulong? length = null)
    {
        var prefix = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(prefix, length ?? (ulong)header.Length);
        return [.. prefix, .. header, .. data];
    }

    /// <summary>A header entry.</summary>
    public static string Entry(string name, string dtype, string shape, long begin, long end) =>
        $"\"{name}\":{{\"dtype\":\"{dtype}\",\"shape\":{shape},\"data_offsets\":[{begin},{end}]}}";
}
