namespace GpuNets.Kernels;

/// <summary>
/// A number format that tensor cores multiply. A stage of an operand is 128 lines by four chunks of 16 bytes; a product takes two
/// chunks of k, so that a stage is two steps whatever the format.
/// </summary>
internal interface ITensorFormat
{
    /// <summary>Numbers per chunk.</summary>
    static abstract int Chunk { get; }

    /// <summary>A chunk, rounded from one or two quads of floats.</summary>
    static abstract UInt4 Round(Float4 first, Float4 second);

    /// <summary>sums [16, 8] + a b, by a warp.</summary>
    static abstract Float4 Multiply(Float4 sums, UInt4 a, UInt2 b);

    /// <summary>
    /// Where a chunk lies in a stage that is stored along its lines ([k][line]): chunks of a row change places so that what a warp reads
    /// at once, of several rows, lies in different banks.
    /// </summary>
    static abstract int LineChunk(int k, int chunk);

    /// <summary>The place of a lane for <see cref="LeftAlongLines"/>; <paramref name="line"/> is the warp's first.</summary>
    static abstract int PlaceLeftAlongLines(int lane, int line);

    /// <summary>The place of a lane for <see cref="RightAlongLines"/>; <paramref name="line"/> is the warp's first.</summary>
    static abstract int PlaceRightAlongLines(int lane, int line);

    /// <summary>A fragment of the left operand, of a stage stored along its lines: 16 lines of a step.</summary>
    static abstract UInt4 LeftAlongLines(ILGPU.ArrayView<UInt4> shared, int stage, int place, int tile, int step);

    /// <summary>Two fragments of the right operand, of a stage stored along its lines: 2 x 8 lines of a step.</summary>
    static abstract UInt4 RightAlongLines(ILGPU.ArrayView<UInt4> shared, int stage, int place, int pair, int step);

    /// <summary>sums [64, 256] + a b^T of a stage in shared memory, by a warpgroup; see <see cref="Warpgroup"/>.</summary>
    static abstract WarpgroupSums MultiplyShared(WarpgroupSums sums, ref UInt4 shared, ulong a, ulong b);
}
