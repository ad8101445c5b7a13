using GpuNets.Kernels;

namespace GpuNets;

/// <summary>A regular part of a contiguous tensor: element i_k of axis k lies at start_k + i_k step_k.</summary>
internal readonly struct Window
{
    private readonly int _offset;
    private readonly int[] _sizes, _strides;

    /// <summary>The part of <paramref name="whole"/> that starts somewhere and has the given sizes.</summary>
    public Window(Shape whole, ReadOnlySpan<int> starts, ReadOnlySpan<int> sizes, ReadOnlySpan<int> steps = default)
    {
        _sizes = sizes.ToArray();
        _strides = RowMajor(whole);
        for (int axis = 0; axis < whole.Rank; axis++)
        {
            _offset += starts[axis] * _strides[axis];
            if (!steps.IsEmpty) _strides[axis] *= steps[axis];
        }
    }

    /// <summary>The part of <paramref name="whole"/> from <paramref name="start"/> on along one axis.</summary>
    public Window(Shape whole, int axis, int start, int size)
    {
        _sizes = whole.With(axis, size).Dimensions.ToArray();
        _strides = RowMajor(whole);
        _offset = start * _strides[axis];
    }

    /// <summary>Distance between neighbours along each axis of a contiguous tensor.</summary>
    public static int[] RowMajor(Shape shape)
    {
        int[] strides = new int[shape.Rank];
        int stride = 1;
        for (int axis = shape.Rank - 1; axis >= 0; axis--)
        {
            strides[axis] = stride;
            stride *= shape[axis];
        }
        return strides;
    }

    /// <summary>part = (or +=) this window of <paramref name="whole"/>.</summary>
    public void Read(string operation, DeviceBuffer whole, DeviceBuffer part, bool accumulate = false) =>
        StridedCopy.Launch(accumulate, operation, whole, _offset, part, 0, _sizes, _strides, RowMajor(new Shape(_sizes)));

    /// <summary>This window of <paramref name="whole"/> = (or +=) part.</summary>
    public void Write(string operation, DeviceBuffer whole, DeviceBuffer part, bool accumulate = false) =>
        StridedCopy.Launch(accumulate, operation, part, 0, whole, _offset, _sizes, RowMajor(new Shape(_sizes)), _strides);
}
