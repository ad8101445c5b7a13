using ILGPU;

namespace GpuNets.Kernels;

/// <summary>
/// What <see cref="WarpgroupGemm{TFormat, TAccess, TActivation}"/> reads: an operand [product][line][k] of rounded numbers, k padded to whole
/// chunks of 16 bytes, behind the map by which the hardware copies it.
/// </summary>
internal struct PackedOperand
{
    /// <summary>Chunks of the map, which come first.</summary>
    public const int MapChunks = TensorMap.Size / SharedMatrix.Chunk;

    public ArrayView<UInt4> Chunks;
    public TensorMap Map;

    /// <summary>Lines and terms of the operand, chunks per line, and how many groups of the launch share a range of lines.</summary>
    public int Lines, Terms, LineChunks, Columns;

    /// <summary>Stores a chunk, unless it lies outside.</summary>
    public readonly void Store(int product, int line, int chunk, UInt4 value)
    {
        if (line < Lines && chunk < LineChunks) Chunks[MapChunks + ((long)product * Lines + line) * LineChunks + chunk] = value;
    }

    /// <summary>Stores the map; every thread calls, one writes.</summary>
    public readonly void StoreMap(int product)
    {
        if (Grid.IdxX + Group.IdxX + product == 0) TensorMap.Store(Map, Chunks);
    }
}

/// <summary>Packs an operand whose neighbours differ in k: a group copies 32 chunks of 8 lines, a thread one chunk.</summary>
[ComputeCapability(8, 0)]
internal struct PackTerms<TFormat, TAccess> : IPackKernel<PackTerms<TFormat, TAccess>> where TFormat : struct, ITensorFormat where TAccess : struct, ITeamAccess
{
    private PackedOperand _to;
    private ArrayView<float> _from;
    private long _stride;
    private int _step, _firstProduct;

    public static (int Lines, int Chunks) Tile => (8, 32);

    public static PackTerms<TFormat, TAccess> Create(in PackedOperand to, ArrayView<float> from, long stride, int step, int firstProduct) =>
        new() { _to = to, _from = from, _stride = stride, _step = step, _firstProduct = firstProduct };

    public readonly void Run()
    {
        int product = _firstProduct + Grid.IdxY, tile = Grid.IdxX / _to.Columns;
        int line = tile * 8 + Group.IdxX / 32, chunk = (Grid.IdxX - tile * _to.Columns) * 32 + Group.IdxX % 32;
        _to.StoreMap(product);
        if (line >= _to.Lines) return;
        var from = TAccess.From(_from, product * _stride);
        int k = chunk * TFormat.Chunk, at = line * _step + k, count = _to.Terms - k;
        var first = TAccess.Load(from, at, count);
        Float4 second = default;
        if (TFormat.Chunk > 4) second = TAccess.Load(from, at + 4, count - 4);
        _to.Store(product, line, chunk, TFormat.Round(first, second));
    }
}
