namespace GpuNets.Kernels;

/// <summary>Windows along one axis: of one size at even distances, or adaptive ones that share the axis out evenly.</summary>
internal readonly struct PoolAxis
{
    public readonly int Input, Output;
    private readonly int _kernel, _stride, _before, _dilation, _adaptive;

    /// <summary>Windows of <paramref name="kernel"/> elements, dilation apart, the first one starting so many before the axis.</summary>
    public PoolAxis(int input, int output, int kernel, int stride, int before, int dilation)
    {
        (Input, Output) = (input, output);
        (_kernel, _stride, _before, _dilation) = (kernel, stride, before, dilation);
    }

    /// <summary>Window o covers floor(o input / output) to ceil((o + 1) input / output).</summary>
    public PoolAxis(int input, int output)
    {
        (Input, Output, _adaptive) = (input, output, 1);
        (_kernel, _stride, _before, _dilation) = (1, 1, 0, 1);
    }

    public int Dilation => _dilation;

    /// <summary>The first element of a window; may lie before the axis.</summary>
    public int Start(int o) => _adaptive != 0 ? o * Input / Output : o * _stride - _before;

    /// <summary>Elements of a window, those outside the axis included.</summary>
    public int Taps(int o) => _adaptive != 0 ? ((o + 1) * Input + Output - 1) / Output - o * Input / Output : _kernel;

    /// <summary>Elements of a window that count for an average: those in the axis, or those in the padded axis.</summary>
    public int Counted(int o, int includePad)
    {
        int start = Start(o), end = start + Taps(o);
        int low = includePad != 0 ? start : start < 0 ? 0 : start;
        int limit = includePad != 0 ? Input + _before : Input;
        return (end < limit ? end : limit) - low;
    }

    /// <summary>The first window that may hold element i.</summary>
    public int FirstWindow(int i)
    {
        if (_adaptive != 0) return i * Output / Input;
        int distance = i + _before - (_kernel - 1) * _dilation;
        return distance <= 0 ? 0 : (distance + _stride - 1) / _stride;
    }

    /// <summary>The last window that may hold element i.</summary>
    public int LastWindow(int i)
    {
        int last = _adaptive != 0 ? ((i + 1) * Output - 1) / Input : (i + _before) / _stride;
        return last < Output ? last : Output - 1;
    }
}
