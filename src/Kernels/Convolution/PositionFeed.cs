using ILGPU;

namespace GpuNets.Kernels;

/// <summary>The laid-out source in an implicit product over its terms: four neighbouring positions of one term per stage.</summary>
internal struct PositionFeed<TTile> : ITeamFeed where TTile : struct, ITeamTile<TTile>
{
    private readonly ArrayView<float> _view;
    private readonly TapLayout _layout;
    private readonly int _terms, _x, _y, _z, _w, _target;
    private int _next;

    /// <summary>A thread's part; positions beyond the last repeat it.</summary>
    public PositionFeed(ArrayView<float> view, in TapLayout layout, int thread, int first, int terms)
    {
        int perK = TTile.Width / 4, k = thread / perK, line = thread % perK * 4, at = first + line, last = layout.Length - 1;
        _view = view;
        _layout = layout;
        _terms = terms;
        _x = layout.First + (at < last ? at : last);
        _y = layout.First + (at + 1 < last ? at + 1 : last);
        _z = layout.First + (at + 2 < last ? at + 2 : last);
        _w = layout.First + (at + 3 < last ? at + 3 : last);
        _target = (k * TTile.Pitch + line) >> 2;
        _next = k;
    }

    /// <summary>Terms beyond the last repeat it: the weight's side is zero there.</summary>
    public Float4 Next()
    {
        int term = _layout.Term(_next < _terms ? _next : _terms - 1);
        _next += TTile.Depth;
        return new Float4 { X = _view[term + _x], Y = _view[term + _y], Z = _view[term + _z], W = _view[term + _w] };
    }

    public readonly void Store(ArrayView<Float4> stage, Float4 value) => stage[_target] = value;
}
