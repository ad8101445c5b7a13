namespace GpuNets;

/// <summary>Gives a device its earlier precision back when it is disposed; see <see cref="Device.With"/>.</summary>
public readonly struct PrecisionScope : IDisposable
{
    private readonly Device _device;
    private readonly Precision _earlier;

    internal PrecisionScope(Device device, Precision earlier) => (_device, _earlier) = (device, earlier);

    /// <summary>Restores the precision.</summary>
    public void Dispose() => _device.Restore(_earlier);
}
