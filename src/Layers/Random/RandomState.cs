namespace GpuNets;

/// <summary>Where a <see cref="RandomSource"/> stands. Part of a checkpoint: restoring it repeats the same draws, bit for bit.</summary>
/// <param name="Seed">Seed of the source.</param>
/// <param name="Counter">Number of draws so far.</param>
public readonly record struct RandomState(ulong Seed, ulong Counter)
{
    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    /// <exception cref="StateException">The text is no random state.</exception>
    public static RandomState Parse(string text)
    {
        string[] parts = text.Split(' ');
        if (parts.Length == 2 && ulong.TryParse(parts[0], out ulong seed) && ulong.TryParse(parts[1], out ulong counter)) return new RandomState(seed, counter);
        throw new StateException($"RandomState: '{text}' is not a seed and a counter.");
    }

    /// <summary>Seed and counter, as text for a checkpoint.</summary>
    public override string ToString() => $"{Seed} {Counter}";
}
