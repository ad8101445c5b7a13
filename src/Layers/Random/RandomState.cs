namespace GpuNets;

/// <summary>Where a <see cref="RandomSource"/> stands. Part of a checkpoint: restoring it repeats the same draws, bit for bit.</summary>
/// <param name="Seed">Seed of the source.</param>
/// <param name="Counter">Number of draws so far.</param>
public readonly record struct RandomState(ulong Seed, ulong Counter);
