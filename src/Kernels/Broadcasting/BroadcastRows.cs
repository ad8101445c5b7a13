namespace GpuNets.Kernels;

/// <summary>
/// The rows of a broadcast result for row kernels. Rows longer than a chunk are split, so that few long rows keep all cores busy.
/// </summary>
internal struct BroadcastRows
{
    // Two chunks of floats fit the first-level cache; 4096 elements are a few microseconds of work, worth handing to another core.
    private const int LongestChunk = 4096;

    public RowOffsets Offsets;
    public int Inner, Chunk, Chunks, ChunkA, ChunkB;

    public BroadcastRows(Broadcast plan)
    {
        Offsets = plan.Offsets();
        Inner = plan.Inner;
        Chunk = Math.Max(1, Math.Min(Inner, LongestChunk));
        Chunks = Math.Max(1, (Inner + Chunk - 1) / Chunk);
        ChunkA = plan.InnerMovesA ? Chunk : 0;
        ChunkB = plan.InnerMovesB ? Chunk : 0;
        Count = plan.Result.Count == 0 ? 0 : plan.Result.Count / Inner * Chunks;
    }

    /// <summary>Number of pieces of rows.</summary>
    public int Count;

    /// <summary>Where a piece starts in the result and in the operands, and how long it is.</summary>
    public readonly void At(int piece, out int start, out int length, out int a, out int b)
    {
        int row = piece, chunk = 0;
        if (Chunks > 1)
        {
            row = piece / Chunks;
            chunk = piece - row * Chunks;
        }
        Offsets.At(row, out a, out b);
        a += chunk * ChunkA;
        b += chunk * ChunkB;
        int done = chunk * Chunk;
        start = row * Inner + done;
        length = Inner - done < Chunk ? Inner - done : Chunk;
    }
}
