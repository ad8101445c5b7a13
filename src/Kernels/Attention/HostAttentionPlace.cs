namespace GpuNets.Kernels;

/// <summary>An <see cref="AttentionOperand"/> in host memory.</summary>
internal readonly unsafe struct HostAttentionPlace
{
    private readonly float* _first;
    private readonly int _batch, _head;

    public HostAttentionPlace(in AttentionOperand operand)
    {
        _first = operand.Buffer.Floats.Ptr() + operand.Offset;
        (_batch, _head, Time) = (operand.Batch, operand.Head, operand.Time);
    }

    /// <summary>Elements from one time step to the next.</summary>
    public int Time { get; }

    /// <summary>Whether there is anything.</summary>
    public bool Exists => _first != null;

    /// <summary>The row of a time step.</summary>
    public float* Row(int sample, int head, int t) => _first + (nint)sample * _batch + (nint)head * _head + (nint)t * Time;
}
