using ILGPU;

namespace GpuNets.Kernels;

/// <summary>A kernel that packs an operand of a product for copies by hardware; both take the same arguments.</summary>
internal interface IPackKernel<TSelf> : IGridKernel where TSelf : struct, IPackKernel<TSelf>
{
    /// <summary>What a group of 256 threads packs.</summary>
    static abstract (int Lines, int Chunks) Tile { get; }

    /// <param name="to">Where it goes.</param>
    /// <param name="from">The operand.</param>
    /// <param name="stride">Elements from one product to the next.</param>
    /// <param name="step">Elements from one line to the next, or from one k to the next: the step that is not 1.</param>
    /// <param name="firstProduct">The first product of the launch.</param>
    static abstract TSelf Create(in PackedOperand to, ArrayView<float> from, long stride, int step, int firstProduct);
}

/// <summary>Packs an operand whose neighbours are lines at one k: a group turns 8 chunks of 64 lines in shared memory.</summary>
[ComputeCapability(8, 0)]
internal struct PackLines<TFormat, TAccess> : IPackKernel<PackLines<TFormat, TAccess>> where TFormat : struct, ITensorFormat where TAccess : struct, ITeamAccess
{
    private const int Lines = 64, Pitch = Lines + 1;   // odd: neighbours of a column lie in different banks

    private PackedOperand _to;
    private ArrayView<float> _from;
    private long _stride;
    private int _step, _firstProduct;

    public static (int Lines, int Chunks) Tile => (Lines, 8);

    public static PackLines<TFormat, TAccess> Create(in PackedOperand to, ArrayView<float> from, long stride, int step, int firstProduct) =>
        new() { _to = to, _from = from, _stride = stride, _step = step, _firstProduct = firstProduct };

    public readonly void Run()
    {
        int product = _firstProduct + Grid.IdxY, tile = Grid.IdxX / _to.Columns;
        int line = tile * Lines, chunk = (Grid.IdxX - tile * _to.Columns) * 8, k = chunk * TFormat.Chunk;
        var shared = SharedMemory.Allocate<float>(8 * 8 * Pitch);
        var from = TAccess.From(_from, product * _stride);
        _to.StoreMap(product);
        for (int i = Group.IdxX; i < 8 * TFormat.Chunk * (Lines / 4); i += 256)
        {
            int row = i / (Lines / 4), quad = i % (Lines / 4) * 4, count = k + row < _to.Terms ? _to.Lines - line - quad : 0;
            var value = TAccess.Load(from, (k + row) * _step + line + quad, count);
            int at = row * Pitch + quad;
            (shared[at], shared[at + 1], shared[at + 2], shared[at + 3]) = (value.X, value.Y, value.Z, value.W);
        }
        Group.Barrier();
        Turn(shared, product, line, chunk, Group.IdxX);
        Turn(shared, product, line, chunk, Group.IdxX + 256);
    }

    private readonly void Turn(ArrayView<float> shared, int product, int line, int chunk, int index)
    {
        int at = index % 8 * TFormat.Chunk * Pitch + index / 8;
        var first = Column(shared, at);
        Float4 second = default;
        if (TFormat.Chunk > 4) second = Column(shared, at + 4 * Pitch);
        _to.Store(product, line + index / 8, chunk + index % 8, TFormat.Round(first, second));
    }

    private static Float4 Column(ArrayView<float> shared, int at) => new()
    {
        X = shared[at],
        Y = shared[at + Pitch],
        Z = shared[at + 2 * Pitch],
        W = shared[at + 3 * Pitch],
    };
}
