using ILGPU;

namespace GpuNets.Kernels;

/// <summary>
/// The laid-out source in an implicit product over its terms on tensor cores, stored along its positions: a chunk of neighbouring
/// positions of two terms per stage. Positions beyond the line read what lies behind it; their sums are not stored.
/// </summary>
internal struct TensorPositionFeed<TFormat> : ITensorFeed where TFormat : struct, ITensorFormat
{
    private readonly ArrayView<float> _view;
    private readonly TapLayout _layout;
    private readonly int _position, _terms;
    private int _next, _first, _second;

    /// <param name="view">The source from an image and group on, to the end of the buffer.</param>
    /// <param name="layout">The layout.</param>
    /// <param name="thread">The thread, 0 to 255.</param>
    /// <param name="first">First position of the group's tile.</param>
    /// <param name="terms">Terms of a sum.</param>
    public TensorPositionFeed(ArrayView<float> view, in TapLayout layout, int thread, int first, int terms)
    {
        int perK = TensorSums.Lines / TFormat.Chunk, row = thread / perK, chunk = thread % perK;
        _view = view;
        _layout = layout;
        _position = layout.First + first + chunk * TFormat.Chunk;
        _terms = terms;
        _next = row;
        Target = TFormat.LineChunk(row, chunk);
        Find();
    }

    public int Target { get; }

    public HeldChunks Next()
    {
        int first = _first, second = _second;
        _next += 4 * TFormat.Chunk;
        // Ahead of the loads: the table of taps is read while these are under way, not before the next.
        Find();
        var held = new HeldChunks { A = Quad(first), C = Quad(second) };
        if (TFormat.Chunk > 4)
        {
            held.B = Quad(first + 4);
            held.D = Quad(second + 4);
        }
        return held;
    }

    // Terms beyond the last repeat it: the weight's side is zero there.
    private void Find()
    {
        int other = _next + 2 * TFormat.Chunk, last = _terms - 1;
        _first = _position + _layout.Term(_next < last ? _next : last);
        _second = _position + _layout.Term(other < last ? other : last);
    }

    private readonly Float4 Quad(int at) => new() { X = _view[at], Y = _view[at + 1], Z = _view[at + 2], W = _view[at + 3] };
}
