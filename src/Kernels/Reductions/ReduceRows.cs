using ILGPU;

namespace GpuNets.Kernels;

/// <summary>
/// y[o, p] = factor * reduction of chunk p of row o of x [outer, length]. One team per chunk; with more than one chunk the results are
/// partial ones, reduced by a second launch. Chunks are the same on every device and a team's order is fixed, so results repeat; sums of
/// millions of values stay accurate, because a team adds some hundred values per accumulator and then a tree.
/// </summary>
internal struct ReduceRows<TOp> : IRowKernel where TOp : struct, IReducer
{
    public static bool InFours => true;

    public ArrayView<float> X, Y;
    public int Length, Chunk, Chunks;
    public float Factor;

    public readonly unsafe void Row<TTeam>(int row) where TTeam : struct, ITeam
    {
        int outer = row / Chunks, start = (row - outer * Chunks) * Chunk;
        int n = Length - start < Chunk ? Length - start : Chunk;
        float value = TOp.Over<TTeam, RowValues>(n, new RowValues { X = X.Ptr() + (outer * Length + start) });
        if (TTeam.Rank == 0) Y[row] = value * Factor;
    }
}
