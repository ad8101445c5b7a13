using ILGPU;

namespace GpuNets.Kernels;

/// <summary>
/// The strided copy whose source is contiguous along axis p and whose target is contiguous along axis q: y[p ys + q] = x[p + q xs] for
/// any number of such matrices. Works in tiles of 32 x 32, so that both sides touch whole cache lines.
/// </summary>
internal struct TransposeTile
{
    /// <summary>Edge of a tile.</summary>
    public const int Edge = 32;

    /// <summary>Matrices (A0 to A2), tiles along p (A3), tiles along q (A4).</summary>
    public StridedAxes Tiles;

    public int XOffset, YOffset, P, Q, XStride, YStride;

    /// <summary>Where a tile starts in both arrays and how much of it lies inside the matrix.</summary>
    public readonly void Locate(int tile, ref int x, ref int y, ref int countP, ref int countQ)
    {
        x = XOffset;
        y = YOffset;
        Tiles.Offsets(tile, ref x, ref y);
        int rest = Tiles.A4.Divide(tile);
        int q = tile - rest * Tiles.A4.Size, p = rest - Tiles.A3.Divide(rest) * Tiles.A3.Size;
        countP = P - p * Edge;
        countQ = Q - q * Edge;
        countP = countP < Edge ? countP : Edge;
        countQ = countQ < Edge ? countQ : Edge;
    }
}

/// <summary>One tile per host core or OpenCL work-item, straight through the cache.</summary>
internal struct TransposeRows<TStore> : IRowKernel where TStore : struct, IStore
{
    public ArrayView<float> X, Y;
    public TransposeTile Tile;

    public readonly unsafe void Row<TTeam>(int row) where TTeam : struct, ITeam
    {
        int x = 0, y = 0, countP = 0, countQ = 0;
        Tile.Locate(row, ref x, ref y, ref countP, ref countQ);
        TTeam.Each(countP, new Body { X = X.Ptr() + x, Y = Y.Ptr() + y, Count = countQ, XStride = Tile.XStride, YStride = Tile.YStride });
    }

    private unsafe struct Body : IElementBody
    {
        public float* X, Y;
        public int Count, XStride, YStride;

        public readonly void At<T>(int i) where T : struct, ILane<T>
        {
            for (int p = i; p < i + T.Count; p++)
                for (int q = 0; q < Count; q++) TStore.To(Y, p * YStride + q, new Scalar(X[p + q * XStride]));
        }
    }
}

/// <summary>One tile per GPU group by way of shared memory: reads and writes are both coalesced. Rows of 33 avoid bank conflicts.</summary>
internal struct TransposeGroups<TStore> : IGroupKernel where TStore : struct, IStore
{
    public ArrayView<float> X, Y;
    public TransposeTile Tile;

    public readonly unsafe void Run(int group)
    {
        const int pitch = TransposeTile.Edge + 1;
        var shared = SharedMemory.Allocate<float>(TransposeTile.Edge * pitch);
        int xOffset = 0, yOffset = 0, countP = 0, countQ = 0;
        Tile.Locate(group, ref xOffset, ref yOffset, ref countP, ref countQ);
        float* x = X.Ptr() + xOffset, y = Y.Ptr() + yOffset;
        for (int i = Group.IdxX; i < TransposeTile.Edge * TransposeTile.Edge; i += Group.DimX)
        {
            int p = i % TransposeTile.Edge, q = i / TransposeTile.Edge;
            if (p < countP && q < countQ) shared[q * pitch + p] = x[p + q * Tile.XStride];
        }
        Group.Barrier();
        for (int i = Group.IdxX; i < TransposeTile.Edge * TransposeTile.Edge; i += Group.DimX)
        {
            int q = i % TransposeTile.Edge, p = i / TransposeTile.Edge;
            if (p < countP && q < countQ) TStore.To(y, p * Tile.YStride + q, new Scalar(shared[q * pitch + p]));
        }
    }
}
