using ILGPU;

namespace GpuNets.Kernels;

/// <summary>Where the sums of a <see cref="TapConv"/> go on a GPU, with the epilogue: t = f((accumulate ? t : 0) + sum + bias).</summary>
internal struct TapTarget<TActivation> : ITeamTarget where TActivation : struct, IUnaryOp
{
    private ArrayView<float> _target, _bias;
    private StridedAxis _pitches;
    private int _out, _length, _columns, _plane, _start, _step, _rowStep, _hasBias, _accumulate, _part, _group;

    public static TapTarget<TActivation> Of(TapConv conv, in TapLayout layout, DeviceBuffer target, DeviceBuffer? bias, bool accumulate) => new()
    {
        _target = target.Floats,
        _bias = (bias ?? target).Floats,
        _pitches = new StridedAxis(layout.Pitch, 0, 0),
        _out = conv.Out,
        _length = layout.Length,
        _columns = conv.Columns,
        _plane = conv.TargetPlane,
        _start = conv.TargetY * conv.TargetWidth + conv.TargetX,
        _step = conv.TargetStepX,
        _rowStep = conv.TargetStepY * conv.TargetWidth,
        _hasBias = bias is null ? 0 : 1,
        _accumulate = accumulate ? 1 : 0,
    };

    /// <summary>The target of one image and group.</summary>
    public readonly TapTarget<TActivation> At(int part, int group)
    {
        var at = this;
        at._part = part;
        at._group = group;
        return at;
    }

    /// <summary>Sums of four neighbouring positions of a line; those between the rows of the grid are not stored.</summary>
    public readonly void Put(int row, int column, Float4 sums)
    {
        if (row >= _out) return;
        int target = (_part * _out + row) * _plane + _start;
        float bias = _hasBias != 0 ? _bias[_group * _out + row] : 0f;
        One(target, column, sums.X + bias);
        One(target, column + 1, sums.Y + bias);
        One(target, column + 2, sums.Z + bias);
        One(target, column + 3, sums.W + bias);
    }

    private readonly void One(int target, int position, float sum)
    {
        int p = _pitches.Divide(position), q = position - p * _pitches.Size;
        if (position >= _length || q >= _columns) return;
        int index = target + p * _rowStep + q * _step;
        if (_accumulate != 0) sum += _target[index];
        _target[index] = TActivation.Forward(new Scalar(sum)).Value;
    }
}
