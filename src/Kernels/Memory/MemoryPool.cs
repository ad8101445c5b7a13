using GpuNets.Kernels;
using ILGPU;
using ILGPU.Runtime;

namespace GpuNets;

/// <summary>
/// Hands out 256-byte aligned blocks of large slabs. A freed block waits in the list of its size class for the next request of
/// that class, so that a training step allocates nothing after the first one; blocks are never split or joined.
/// </summary>
internal sealed class MemoryPool(Device device, long limit, bool poison) : IDisposable
{
    // Slabs grow with use: a small model stays small, a large one takes few device allocations.
    private const long FirstSlab = 4 << 20, LargestSlab = 256 << 20;
    private const long SmallestDedicated = FirstSlab / 2;
    private const int Alignment = 256;

    private readonly Dictionary<long, Stack<DeviceBuffer>> _free = [];
    private readonly List<(MemoryBuffer Memory, long Bytes)> _slabs = [];
    private readonly Dictionary<DeviceBuffer, MemoryBuffer> _dedicated = [];
    private readonly HashSet<DeviceBuffer> _live = [];
    private ArrayView<byte> _slab;
    private long _slabUsed, _nextSlab = FirstSlab, _liveBytes, _peak, _reserved, _allocations, _deviceAllocations;

    public PoolStatistics Statistics => new(_liveBytes, _peak, _reserved, _live.Count, _allocations, _deviceAllocations);

    public DeviceBuffer Rent(int length, string label)
    {
        ObjectDisposedException.ThrowIf(device.IsDisposed, device);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        long bytes = SizeClass(Math.Max(length, 1) * (long)sizeof(float));
        DeviceBuffer buffer;
        var reservation = device.Recording?.Memory;
        if (Cached(bytes, reservation) is { } cached)
        {
            bytes = cached.CapacityBytes;
            // A new object for the old block: tensors of a disposed tape keep the dead one and cannot alias the block's next use.
            buffer = cached.Renew(length);
            if (bytes > SmallestDedicated && _dedicated.Remove(cached, out var memory)) _dedicated[buffer] = memory;
        }
        else
        {
            buffer = Carve(bytes, length);
        }
        buffer.Label = label;
        buffer.Reservation = reservation;
        _live.Add(buffer);
        _allocations++;
        _liveBytes += bytes;
        _peak = Math.Max(_peak, _liveBytes);
        return buffer;
    }

    public void Return(DeviceBuffer buffer)
    {
        if (!_live.Remove(buffer) || device.IsDisposed) return;
        long bytes = buffer.CapacityBytes;
        _liveBytes -= bytes;
        // All bits set is a NaN: use after free shows at once, also through pointers that a kernel kept.
        if (poison) buffer.DeadFloats.MemSet(device.Stream, 0xFF);
        Keep(buffer.Reservation is { Ended: false } reservation ? reservation.Free : _free, buffer);
    }

    /// <summary>Gives the blocks of a recorded step back; those in use follow when they are freed.</summary>
    public void Release(PoolReservation reservation)
    {
        reservation.Ended = true;
        foreach (var buffer in reservation.Free.Values.SelectMany(list => list.Reverse())) Keep(_free, buffer);
        reservation.Free.Clear();
    }

    /// <summary>Gives memory that nobody uses back to the device.</summary>
    public void Trim()
    {
        device.Synchronize();
        foreach (var (bytes, list) in _free)
        {
            var kept = list.Where(buffer => !_dedicated.ContainsKey(buffer)).Reverse().ToArray();
            foreach (var buffer in list)
            {
                if (!_dedicated.Remove(buffer, out var memory)) continue;
                memory.Dispose();
                _reserved -= bytes;
            }
            list.Clear();
            foreach (var buffer in kept) list.Push(buffer);
        }
    }

    public void Dispose()
    {
        foreach (var (memory, _) in _slabs) memory.Dispose();
        foreach (var memory in _dedicated.Values) memory.Dispose();
        _slabs.Clear();
        _dedicated.Clear();
        _free.Clear();
        _live.Clear();
    }

    /// <summary>Small sizes in steps of 256 bytes; larger ones in eighths of a power of two, so that similar sizes share blocks.</summary>
    private static long SizeClass(long bytes)
    {
        long step = Alignment;
        while (step * 16 <= bytes) step *= 2;
        return (bytes + step - 1) / step * step;
    }

    /// <summary>
    /// A free block of the class. A large one of up to twice the size will do: batches of many different lengths would otherwise keep blocks of every class, many
    /// times what they use at once.
    /// </summary>
    private DeviceBuffer? Cached(long bytes, PoolReservation? reservation)
    {
        for (long size = bytes; size == bytes || (bytes > SmallestDedicated && size <= 2 * bytes); size = SizeClass(size + 1))
        {
            if ((reservation is not null && reservation.Free.TryGetValue(size, out var list) && list.TryPop(out var cached))
                || (_free.TryGetValue(size, out list) && list.TryPop(out cached))) return cached;
        }
        return null;
    }

    private static void Keep(Dictionary<long, Stack<DeviceBuffer>> free, DeviceBuffer buffer)
    {
        if (!free.TryGetValue(buffer.CapacityBytes, out var list)) free[buffer.CapacityBytes] = list = new();
        list.Push(buffer);
    }

    private DeviceBuffer Carve(long bytes, int length)
    {
        if (bytes > _nextSlab / 2)
        {
            var memory = Allocate(bytes + Alignment);
            var own = new DeviceBuffer(device, Align(memory.AsRawArrayView()).SubView(0, bytes).Cast<float>(), length, owned: true);
            _dedicated[own] = memory;
            return own;
        }
        if (_slab.Length - _slabUsed < bytes)
        {
            var memory = Allocate(_nextSlab + Alignment);
            _slabs.Add((memory, _nextSlab));
            _slab = Align(memory.AsRawArrayView());
            _slabUsed = 0;
            _nextSlab = Math.Min(_nextSlab * 2, LargestSlab);
        }
        var view = _slab.SubView(_slabUsed, bytes).Cast<float>();
        _slabUsed += bytes;
        return new DeviceBuffer(device, view, length, owned: true);
    }

    private MemoryBuffer1D<byte, Stride1D.Dense> Allocate(long bytes)
    {
        for (int attempt = 0; ; attempt++)
        {
            Exception? cause = null;
            try
            {
                if (_reserved + bytes <= limit)
                {
                    var memory = device.Accelerator.Allocate1D<byte>(bytes);
                    _reserved += bytes;
                    _deviceAllocations++;
                    return memory;
                }
            }
            catch (Exception error) when (error is AcceleratorException or OutOfMemoryException)
            {
                cause = error;
            }
            // Memory cannot be given back while launches are recorded that have not run.
            if (attempt > 0 || device.Recording is not null) throw OutOfMemory(bytes, cause);
            Trim();
        }
    }

    private DeviceOutOfMemoryException OutOfMemory(long bytes, Exception? cause)
    {
        var largest = _live.OrderByDescending(buffer => buffer.CapacityBytes).Take(5)
            .Select(buffer => $"{buffer.Label}: {PoolStatistics.Megabytes(buffer.CapacityBytes)}").ToArray();
        return new DeviceOutOfMemoryException(device.Name, bytes, Statistics, largest, cause);
    }

    /// <summary>The first 256-byte boundary; device backends align their own allocations, host memory needs not be.</summary>
    private ArrayView<byte> Align(ArrayView<byte> view)
    {
        long offset = device.Kind == DeviceKind.Cpu ? -HostMemory.Address(view.Cast<float>()) & (Alignment - 1) : 0;
        return view.SubView(offset, view.Length - Alignment);
    }
}
