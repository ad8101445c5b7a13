using System.Runtime.CompilerServices;
using GpuNets.Kernels;
using ILGPU;

namespace GpuNets;

/// <summary>A block of device memory that holds 4-byte values (float or int), 256-byte aligned.</summary>
/// <remarks>Contents are undefined until written: the pool hands out used memory.</remarks>
public sealed class DeviceBuffer
{
    private readonly ArrayView<float> _floats;

    internal DeviceBuffer(Device device, ArrayView<float> capacity, int length, bool owned)
    {
        Device = device;
        _floats = capacity;
        Length = length;
        IsLive = true;
        Owned = owned;
    }

    /// <summary>The device whose memory this is.</summary>
    public Device Device { get; }

    /// <summary>Number of 4-byte values.</summary>
    public int Length { get; }

    /// <summary>False once the buffer went back to the pool.</summary>
    public bool IsLive { get; private set; }

    /// <summary>What the block is used for; shown when memory runs out.</summary>
    internal string Label { get; set; } = "";

    internal bool Owned { get; }

    /// <summary>The recorded step that took the block, and that keeps it from others when it is freed.</summary>
    internal PoolReservation? Reservation { get; set; }

    internal long CapacityBytes => _floats.Length * sizeof(float);

    /// <summary>The values as floats. Never empty, so that a kernel may always take its address.</summary>
    internal ArrayView<float> Floats
    {
        get
        {
            ThrowIfFreed();
            Device.Recording?.Touch(this);
            return _floats;
        }
    }

    /// <summary>The values as ints.</summary>
    internal ArrayView<int> Ints => Floats.Cast<int>();

    /// <summary>A window of this buffer that shares its memory; it does not own it and lives as long as its parent.</summary>
    internal DeviceBuffer Slice(int offset, int length) =>
        new(Device, Floats.SubView(offset, Math.Max(length, 1)), length, owned: false);

    /// <summary>Copies host values to the device; returns when the source may be reused.</summary>
    public void Write(ReadOnlySpan<float> values) => Device.CopyToDevice(Check(values.Length), values);

    /// <inheritdoc cref="Write(ReadOnlySpan{float})"/>
    public void Write(ReadOnlySpan<int> values) => Device.CopyToDevice(Check(values.Length).Cast<int>(), values);

    /// <summary>Waits for the device and copies values to the host.</summary>
    public void Read(Span<float> values) => Device.CopyToHost(Check(values.Length), values);

    /// <inheritdoc cref="Read(Span{float})"/>
    public void Read(Span<int> values) => Device.CopyToHost(Check(values.Length).Cast<int>(), values);

    /// <summary>Gives the block back to the pool. Using the buffer afterwards is an error.</summary>
    public void Free()
    {
        if (!IsLive) return;
        IsLive = false;
        if (Owned) Device.Pool.Return(this);
    }

    /// <summary>The block of this dead buffer for another use.</summary>
    internal DeviceBuffer Renew(int length) => new(Device, _floats, length, Owned);

    /// <summary>The block of this dead buffer, for the pool to poison.</summary>
    internal ArrayView<float> DeadFloats => _floats;

    private ArrayView<float> Check(int count)
    {
        if (count > Length) throw new ShapeException("DeviceBuffer", $"{count} values do not fit a buffer of {Length}.");
        return Floats.SubView(0, count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void ThrowIfFreed()
    {
        if (!IsLive || Device.IsDisposed) Throw();
    }

    private void Throw() => throw new ObjectDisposedException(
        Label.Length == 0 ? nameof(DeviceBuffer) : Label,
        Device.IsDisposed ? $"The device {Device.Name} was disposed." : "The buffer went back to the pool: its tape or owner was disposed.");
}
