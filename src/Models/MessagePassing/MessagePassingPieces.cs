namespace GpuNets.Models;

/// <summary>Pieces of one's own in a <see cref="MessagePassingNetwork"/>; null for those of the options.</summary>
public sealed record MessagePassingPieces
{
    /// <summary>Makes the message function of a tower at a step (0 to T - 1; 0 alone if weights are tied).</summary>
    public Func<Vars, int, IMessageFunction>? Message { get; init; }

    /// <summary>Makes the update function of a tower at a step, given the features of its messages.</summary>
    public Func<Vars, int, int, IUpdateFunction>? Update { get; init; }

    /// <summary>Makes the readout.</summary>
    public Func<Vars, IReadout>? Readout { get; init; }
}
