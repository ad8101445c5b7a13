using System.Runtime.InteropServices;
using ILGPU;
using ILGPU.Runtime;

namespace GpuNets.Kernels;

/// <summary>
/// Small tables of ints that kernels read, made once per content and kept as long as the device: a launch that brought its table with it
/// would wait for the copy. Tables describe shapes, of which a program has few.
/// </summary>
internal sealed class DeviceTables(Device device) : IDisposable
{
    private readonly Dictionary<string, MemoryBuffer1D<int, Stride1D.Dense>> _tables = new(StringComparer.Ordinal);
    private ArrayView<int> _zeros;

    /// <summary>The table with these values, at least one.</summary>
    public ArrayView<int> Get(ReadOnlySpan<int> values)
    {
        string key = new(MemoryMarshal.Cast<int, char>(values));
        if (!_tables.TryGetValue(key, out var table))
        {
            table = device.Accelerator.Allocate1D<int>(values.Length);
            device.CopyToDevice(table.View, values);
            _tables.Add(key, table);
        }
        return table.View;
    }

    /// <summary>Eight zeros: the words of a launch that changes nothing from run to run.</summary>
    public ArrayView<int> Zeros => _zeros.Length > 0 ? _zeros : _zeros = Get([0, 0, 0, 0, 0, 0, 0, 0]);

    public void Dispose()
    {
        foreach (var table in _tables.Values) table.Dispose();
        _tables.Clear();
    }
}
