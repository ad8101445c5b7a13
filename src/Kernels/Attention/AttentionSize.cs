namespace GpuNets.Kernels;

/// <summary>Sizes of an attention.</summary>
/// <param name="Batch">Samples.</param>
/// <param name="Heads">Heads per sample.</param>
/// <param name="Queries">Time steps that look.</param>
/// <param name="Keys">Time steps that are looked at.</param>
/// <param name="Size">Features of queries and keys, 1 to <see cref="LargestSize"/>.</param>
/// <param name="ValueSize">Features of values and outputs, 1 to <see cref="LargestSize"/>.</param>
internal readonly record struct AttentionSize(int Batch, int Heads, int Queries, int Keys, int Size, int ValueSize)
{
    public const int LargestSize = 1024;

    /// <summary>Largest heads of the fused forms; larger ones take products and row kernels.</summary>
    public const int LargestFused = 256;

    /// <summary>Whether heads are larger than those of the fused forms.</summary>
    public bool IsWide => Size > LargestFused || ValueSize > LargestFused;

    /// <summary>Pairs of a sample and a head.</summary>
    public int Pairs => Batch * Heads;

    /// <summary>Rows of the output.</summary>
    public int Rows => checked(Pairs * Queries);
}
