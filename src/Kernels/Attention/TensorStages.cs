using ILGPU;

namespace GpuNets.Kernels;

/// <summary>
/// Shared memory of an attention group on tensor cores: two stages, each with so many rows of two operands that lie rounded in memory. One is
/// copied while the other is used, with one barrier per stage.
/// </summary>
internal struct TensorStages<THead> where THead : struct, ITensorHead
{
    /// <summary>Threads of a group: four warps of 16 rows.</summary>
    public const int Threads = 128;

    /// <summary>Rows of a group.</summary>
    public const int Rows = 64;

    private ArrayView<UInt4> _first, _second;
    private int _from, _to, _stage;

    /// <summary>Chunks of an operand in a stage.</summary>
    private static int Size => THead.Lines * TensorRows.Pitch<THead>();

    /// <summary>Chunks from the first operand of a stage to the second.</summary>
    public static int Second => Size;

    public ArrayView<UInt4> Shared { get; private set; }

    /// <summary>Begins to copy, from a row on if it lies before the end.</summary>
    public static TensorStages<THead> Start(ArrayView<UInt4> first, ArrayView<UInt4> second, int row, int end)
    {
        int line = Group.IdxX / 4, chunk = Group.IdxX & 3;
        var stages = new TensorStages<THead>
        {
            Shared = SharedMemory.Allocate<UInt4>(4 * Size),
            _first = first,
            _second = second,
            _from = (row + line) * 4 * THead.Parts + chunk,
            _to = line * TensorRows.Pitch<THead>() + chunk,
            _stage = 2 * Size,
        };
        if (row < end) stages.Copy(0);
        AsyncCopy.Commit();
        return stages;
    }

    /// <summary>Waits for the next stage, gives its place, and begins to copy the one behind it if its row lies before the end.</summary>
    public int Turn(int row, int end)
    {
        AsyncCopy.Wait(0);
        // Behind it, this stage is filled, and nobody reads the other.
        Group.Barrier();
        int free = _stage;
        _stage = 2 * Size - free;
        if (row < end) Copy(free);
        AsyncCopy.Commit();
        return _stage;
    }

    // A stage always exists whole: operands are padded.
    private void Copy(int stage)
    {
        Copy(0, stage);
        if (THead.Lines > 32) Copy(32, stage);
        _from += THead.Lines * 4 * THead.Parts;
    }

    private readonly void Copy(int line, int stage)
    {
        int from = line * 4 * THead.Parts, to = line * TensorRows.Pitch<THead>();
        Part(from, to, stage);
        if (THead.Parts > 1) Part(from + 4, to + 4, stage);
        if (THead.Parts > 2) Part(from + 8, to + 8, stage);
        if (THead.Parts > 3) Part(from + 12, to + 12, stage);
    }

    // Offsets are constants: they cost no instructions.
    private readonly void Part(int from, int to, int stage)
    {
        var (shared, first, second) = (Shared, _first, _second);
        AsyncCopy.Copy16Behind(ref shared[stage + _to], to, ref first[_from], from);
        AsyncCopy.Copy16Behind(ref shared[stage + _to], to + Size, ref second[_from], from);
    }
}
