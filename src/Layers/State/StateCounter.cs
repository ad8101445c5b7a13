namespace GpuNets;

/// <summary>A whole number that is saved and loaded with the parameters as an int64 scalar, for instance <c>num_batches_tracked</c>.</summary>
public sealed class StateCounter
{
    internal StateCounter(string path, long value)
    {
        Path = path;
        Value = value;
    }

    /// <summary>Its name in checkpoints.</summary>
    public string Path { get; }

    /// <summary>The number.</summary>
    public long Value { get; set; }

    /// <inheritdoc/>
    public override string ToString() => $"StateCounter {Path} {Value}";
}
