namespace GpuNets;

/// <summary>
/// Owns every temporary that is allocated while it is the device's innermost scope, and gives them back to the pool when it is
/// disposed. A tape is one; <c>device.Scope()</c> opens one for inference. Tensors made outside any scope live as long as the device.
/// </summary>
public sealed class MemoryScope : IDisposable
{
    private readonly Device _device;
    private readonly MemoryScope? _parent;
    private readonly List<DeviceBuffer> _buffers = [];

    internal MemoryScope(Device device)
    {
        ObjectDisposedException.ThrowIf(device.IsDisposed, device);
        _device = device;
        _parent = device.CurrentScope;
        device.CurrentScope = this;
    }

    /// <summary>True after <see cref="Dispose"/>.</summary>
    public bool IsDisposed { get; private set; }

    internal void Own(DeviceBuffer buffer) => _buffers.Add(buffer);

    /// <summary>Frees every temporary of the scope; tensors that use them can no longer be read.</summary>
    /// <exception cref="InvalidOperationException">A scope that was opened later is still open.</exception>
    public void Dispose()
    {
        if (IsDisposed) return;
        if (!_device.IsDisposed && !ReferenceEquals(_device.CurrentScope, this))
            throw new InvalidOperationException("Scopes of a device must be disposed in reverse order: one that was opened later is still open.");
        IsDisposed = true;
        _device.CurrentScope = _parent;
        // Last in, first out: the next step finds blocks in the order in which it asks for them.
        for (int i = _buffers.Count - 1; i >= 0; i--) _buffers[i].Free();
        _buffers.Clear();
    }
}
