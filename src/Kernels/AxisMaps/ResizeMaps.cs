namespace GpuNets.Kernels;

/// <summary>Sizes of a resized axis. Outputs that may have seen an input: those whose place is less than one input away, and a margin.</summary>
internal readonly struct ResizedAxis(int size, int total, float scale)
{
    public readonly int Size = size, Total = total;

    /// <summary>Inputs per output.</summary>
    public readonly float Scale = scale;

    private readonly float _inverse = scale > 0f ? 1f / scale : 0f;

    public void Range(int i, out int start, out int end)
    {
        start = (int)((i - 1) * _inverse) - 2;
        end = (int)((i + 2) * _inverse) + 3;
        start = start < 0 || i == 0 ? 0 : start;
        end = end > Total || i == Size - 1 ? Total : end;
    }
}

/// <summary>y[o] = x[floor(o scale)].</summary>
internal readonly struct NearestMap(int size, int total, float scale) : IAxisMap
{
    private readonly ResizedAxis _axis = new(size, total, scale);

    public int Runs => 1;

    public void Taps(int o, out int first, out int second, out float weight)
    {
        first = Source(o);
        second = first;
        weight = 0f;
    }

    public void Run(int i, int run, out int start, out int end, out int step)
    {
        step = 1;
        _axis.Range(i, out start, out end);
    }

    public float Weight(int o, int i) => Source(o) == i ? 1f : 0f;

    public int CopyDistance(int o, int last) => -1;

    public int CopiedDistance(int i, int last) => -1;

    private int Source(int o)
    {
        int source = (int)(o * _axis.Scale);
        return source < _axis.Size ? source : _axis.Size - 1;
    }
}

/// <summary>
/// Between neighbours: y[o] = (1 - w) x[k] + w x[k + 1] with k + w the place of o: o scale if corners are aligned, else
/// (o + 1/2) scale - 1/2, no place before the first input or after the last.
/// </summary>
internal readonly struct LinearMap(int size, int total, float scale, bool alignCorners) : IAxisMap
{
    private readonly ResizedAxis _axis = new(size, total, scale);
    private readonly float _half = alignCorners ? 0f : 0.5f;

    public int Runs => 1;

    public void Taps(int o, out int first, out int second, out float weight)
    {
        float place = (o + _half) * _axis.Scale - _half;
        place = place > 0f ? place : 0f;
        first = (int)place;
        first = first < _axis.Size ? first : _axis.Size - 1;
        second = first + 1 < _axis.Size ? first + 1 : first;
        weight = second == first ? 0f : place - first;
    }

    public void Run(int i, int run, out int start, out int end, out int step)
    {
        step = 1;
        _axis.Range(i, out start, out end);
    }

    public float Weight(int o, int i)
    {
        Taps(o, out int first, out int second, out float weight);
        float whole = first == i ? 1f - weight : 0f;
        return second == i && second != first ? weight : whole;
    }

    public int CopyDistance(int o, int last) => -1;

    public int CopiedDistance(int i, int last) => -1;
}
