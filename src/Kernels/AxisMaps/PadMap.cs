namespace GpuNets.Kernels;

/// <summary>
/// The axis continued beyond its ends: output o shows position p = o - before, folded back into [0, size). Folding has a period, in which
/// every input appears once or, with a mirror, twice; a clamped axis repeats its ends.
/// </summary>
internal readonly struct PadMap : IAxisMap
{
    private readonly int _size, _before, _total, _period, _mirror, _clamp, _widest;

    /// <param name="size">Size of the axis, at least 1.</param>
    /// <param name="before">Outputs before the first input.</param>
    /// <param name="after">Outputs after the last one.</param>
    /// <param name="mode">How the axis goes on.</param>
    public PadMap(int size, int before, int after, PadMode mode)
    {
        _size = size;
        _before = before;
        _total = before + size + after;
        _widest = Math.Max(before, after);
        // A mirror at the only element shows it again and again, as its repetition does.
        _clamp = mode == PadMode.Replicate || (mode == PadMode.Reflect && size == 1) ? 1 : 0;
        _mirror = mode == PadMode.Reflect ? 0 : mode == PadMode.Symmetric ? 1 : -1;
        _period = Math.Max(1, mode == PadMode.Reflect ? 2 * (size - 1) : mode == PadMode.Symmetric ? 2 * size : size);
    }

    public void Taps(int o, out int first, out int second, out float weight)
    {
        first = Source(o);
        second = first;
        weight = 0f;
    }

    public int Runs => _mirror >= 0 && _clamp == 0 ? 2 : 1;

    public void Run(int i, int run, out int start, out int end, out int step)
    {
        end = _total;
        step = _period;
        if (_clamp != 0)
        {
            start = i == 0 ? 0 : _before + i;
            end = i == _size - 1 ? _total : _before + i + 1;
            step = 1;
            return;
        }
        // Mirrored about 0, or about -1/2: position p shows the input -p - mirror.
        int shown = run == 0 ? _before + i : _before - i - _mirror;
        start = shown % _period;
        start = start < 0 ? start + _period : start;
        // The ends of a reflected axis are their own mirror images.
        if (run == 1 && _mirror == 0 && (i == 0 || i == _size - 1)) start = end;
    }

    public float Weight(int o, int i) => 1f;

    public int CopyDistance(int o, int last) => o >= _before && last < _before + _size ? _before : -1;

    public int CopiedDistance(int i, int last) => i > _widest && last < _size - 1 - _widest ? _before : -1;

    private int Source(int o)
    {
        int p = o - _before;
        if (_clamp != 0) return p < 0 ? 0 : p >= _size ? _size - 1 : p;
        p %= _period;
        p = p < 0 ? p + _period : p;
        return p < _size ? p : _period - _mirror - p;
    }
}
