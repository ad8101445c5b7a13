namespace GpuNets.Peers;

/// <summary>The same work on both sides.</summary>
/// <param name="Name">What the report calls it.</param>
/// <param name="Bound">Largest relative difference of the outputs for which a ratio is reported.</param>
/// <param name="Ours">Makes the work of GpuNets on a device.</param>
/// <param name="Peer">Makes the work of TorchSharp.</param>
internal sealed record PeerCase(string Name, double Bound, Func<Device, IWork> Ours, Func<IWork> Peer)
{
    /// <summary>Runs in lockstep before outputs are compared: above 1 where a run changes state, such as a training step; 0 compares gradients at the first weights, where updates would blow up rounding.</summary>
    public int CheckedRuns { get; init; } = 1;

    /// <summary>The ratio that GpuNets means to reach, where it has one.</summary>
    public double? Mark { get; init; }

    /// <summary>The microseconds of one operation that GpuNets means to stay under, where it has such a mark.</summary>
    public double? MarkMicroseconds { get; init; }

    /// <summary>The peer's work in double precision, where its float results are known to be wrong on some machines: then ours are compared with these.</summary>
    public Func<IWork>? Exact { get; init; }

    /// <summary>Operations in one run; above 1 the report adds the time of one operation in microseconds.</summary>
    public int Operations { get; init; } = 1;
}
