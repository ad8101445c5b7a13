namespace GpuNets.Kernels;

/// <summary>
/// How two shapes broadcast, as in NumPy, with neighbouring axes of equal behaviour merged: <c>[8, 16, 32] + [32]</c> becomes rows of
/// 32 in which the first operand moves on and the second starts again. Computed on the host; kernels get <see cref="RowOffsets"/>.
/// </summary>
internal readonly struct Broadcast
{
    /// <summary>Most axes that remain after merging.</summary>
    public const int MaxAxes = 6;

    private readonly int _axes;
    private readonly int[] _sizes;            // innermost first
    private readonly bool[] _movesA, _movesB;

    public Broadcast(string operation, Shape a, Shape b)
    {
        int rank = Math.Max(a.Rank, b.Rank);
        Span<int> result = stackalloc int[rank];
        _sizes = new int[MaxAxes];
        _movesA = new bool[MaxAxes];
        _movesB = new bool[MaxAxes];
        for (int i = 1; i <= rank; i++)
        {
            int sizeA = i <= a.Rank ? a[-i] : 1, sizeB = i <= b.Rank ? b[-i] : 1;
            if (sizeA != sizeB && sizeA != 1 && sizeB != 1)
            {
                throw new ShapeException(operation,
                    $"{a} and {b} do not broadcast: axis {rank - i} has size {sizeA} and {sizeB}; sizes must be equal or 1.");
            }
            int size = sizeA == 1 ? sizeB : sizeA;
            result[rank - i] = size;
            if (size == 1) continue;
            bool movesA = sizeA != 1, movesB = sizeB != 1;
            if (_axes > 0 && _movesA[_axes - 1] == movesA && _movesB[_axes - 1] == movesB)
            {
                _sizes[_axes - 1] *= size;
                continue;
            }
            if (_axes == MaxAxes)
                throw new ShapeException(operation, $"{a} and {b} need more than {MaxAxes} axes that alternate between broadcast and not.");
            _sizes[_axes] = size;
            _movesA[_axes] = movesA;
            _movesB[_axes++] = movesB;
        }
        Result = new Shape(result);
        if (_axes == 0)
        {
            _sizes[0] = 1;
            _movesA[0] = _movesB[0] = true;
            _axes = 1;
        }
    }

    /// <summary>The shape of the result.</summary>
    public Shape Result { get; }

    /// <summary>Length of the innermost merged axis, along which each operand moves by one or stands still.</summary>
    public int Inner => _sizes[0];

    public bool InnerMovesA => _movesA[0];

    public bool InnerMovesB => _movesB[0];

    /// <summary>True if there is one merged axis only: equal shapes, or one operand a single value.</summary>
    public bool IsFlat => _axes == 1;

    /// <summary>The axes with whether they are missing in an operand, outermost first: what a gradient of it must sum over.</summary>
    public ReduceAxes Missing(bool inA)
    {
        var axes = new ReduceAxes();
        for (int i = _axes - 1; i >= 0; i--) axes.Add(_sizes[i], reduced: !(inA ? _movesA[i] : _movesB[i]));
        return axes;
    }

    /// <summary>Whether an operand is repeated at all.</summary>
    public bool Repeats(bool a)
    {
        for (int i = 0; i < _axes; i++)
            if (!(a ? _movesA[i] : _movesB[i])) return true;
        return false;
    }

    /// <summary>Offsets of the operands at each row (all axes but the innermost).</summary>
    public RowOffsets Offsets()
    {
        Span<int> a = stackalloc int[MaxAxes], b = stackalloc int[MaxAxes];
        int countA = 1, countB = 1;
        for (int i = 0; i < _axes; i++)
        {
            a[i] = _movesA[i] ? countA : 0;
            b[i] = _movesB[i] ? countB : 0;
            if (_movesA[i]) countA *= _sizes[i];
            if (_movesB[i]) countB *= _sizes[i];
        }
        // Unused levels have size 1, not 0: a compiler may divide first and select afterwards (PoCL then ends the process).
        return new RowOffsets
        {
            Levels = _axes - 1,
            Size1 = Math.Max(1, _sizes[1]),
            Size2 = Math.Max(1, _sizes[2]),
            Size3 = Math.Max(1, _sizes[3]),
            Size4 = Math.Max(1, _sizes[4]),
            A1 = a[1],
            A2 = a[2],
            A3 = a[3],
            A4 = a[4],
            A5 = a[5],
            B1 = b[1],
            B2 = b[2],
            B3 = b[3],
            B4 = b[4],
            B5 = b[5],
        };
    }
}
