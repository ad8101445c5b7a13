using System.Numerics;
using System.Runtime.CompilerServices;

namespace GpuNets.Kernels;

/// <summary>
/// The k first values of one row on the host. Candidates gather in a small buffer as numbers of 64 bits that sort in the order of
/// <see cref="TopKOrder"/>: the key of the value above, the index below. Whenever the buffer is full its k first stay, and the last of them
/// becomes the bar that later values must pass: of equal values the first comes first, so that these must be above it. The row is read
/// once, 64 values at a time, nearly all of which pass no bar.
/// </summary>
internal unsafe ref struct HostTopK<TLanes, T>(bool largest, int k, Span<ulong> room)
    where TLanes : struct, IHostTileLanes<T> where T : struct, ILane<T>
{
    private readonly bool _largest = largest;
    private readonly int _k = k;
    private readonly float _sign = largest ? 1f : -1f;
    private readonly Span<ulong> _room = room;
    private int _count;
    private bool _hasBar;
    private float _bar;   // times the sign; NaN if the last of k values is one

    /// <summary>Room for the candidates of rows of some length: more than k, so that the buffer is rarely full.</summary>
    public static int Room(int columns, int k) => (int)Math.Min(columns, Math.Max(k + 256L, 4L * k));

    /// <summary>Writes the values and indices of the k first of x, sorted.</summary>
    public void Run(float* x, int columns, float* values, int* indices)
    {
        _count = 0;
        _hasBar = false;
        int i = 0;
        while (i < columns && !_hasBar) Take(x, i++);
        Scan(x, i, columns);
        var first = _room[.._count];
        if (_count > _k) first = KeepFirst();
        first.Sort();
        for (int j = 0; j < first.Length; j++)
        {
            indices[j] = (int)(uint)first[j];
            values[j] = x[indices[j]];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Scan(float* x, int i, int columns)
    {
        T sign = T.Of(_sign);
        ulong all = T.Count * 4 == 64 ? ulong.MaxValue : (1ul << T.Count * 4) - 1;
        for (; i + 4 * T.Count <= columns; i += 4 * T.Count)
        {
            T a = T.Load(x, i) * sign, b = T.Load(x, i + T.Count) * sign;
            T c = T.Load(x, i + 2 * T.Count) * sign, d = T.Load(x, i + 3 * T.Count) * sign;
            ulong passing = all & ~Bits(a, b, c, d, _bar);
            if (passing == 0) continue;
            if (!_largest || float.IsNaN(_bar))
            {
                // NaN came through, but of the smallest ones it is last, and of the largest ones a bar of NaN is passed by nothing.
                if (_largest) return;
                passing = Bits(a, b, c, d, float.PositiveInfinity) & (float.IsNaN(_bar) ? all : passing);
            }
            for (; passing != 0; passing &= passing - 1) TakeAbove(x, i + BitOperations.TrailingZeroCount(passing));
        }
        for (; i < columns; i++) TakeAbove(x, i);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Bits(T a, T b, T c, T d, float bar)
    {
        T bars = T.Of(bar);
        return TLanes.AtMost(a, bars) | (ulong)TLanes.AtMost(b, bars) << T.Count
            | (ulong)TLanes.AtMost(c, bars) << 2 * T.Count | (ulong)TLanes.AtMost(d, bars) << 3 * T.Count;
    }

    // The bar may have risen since the values were compared with it: a candidate that only equals it must not crowd out one before it, which
    // its index takes care of.
    private void TakeAbove(float* x, int index)
    {
        float value = x[index] * _sign;
        bool above = float.IsNaN(value) ? _largest && !float.IsNaN(_bar) : float.IsNaN(_bar) ? !_largest : value > _bar;
        if (above) Take(x, index);
    }

    private void Take(float* x, int index)
    {
        _room[_count++] = (ulong)~Key(x[index]) << 32 | (uint)index;
        if (_count < _room.Length) return;
        _count = KeepFirst().Length;
        float last = x[(int)(uint)Largest(_room[.._count])];
        (_hasBar, _bar) = (true, last * _sign);
    }

    // Grows with the place in the order: NaN above or below all numbers, -0 as 0.
    private readonly uint Key(float x)
    {
        if (float.IsNaN(x)) return _largest ? uint.MaxValue : 0u;
        uint bits = BitConverter.SingleToUInt32Bits(x * _sign + 0f);
        return (bits & 0x80000000u) != 0 ? ~bits : bits | 0x80000000u;
    }

    private static ulong Largest(ReadOnlySpan<ulong> values)
    {
        ulong largest = values[0];
        foreach (ulong value in values) largest = Math.Max(largest, value);
        return largest;
    }

    // Brings the k smallest to the front, by partitions around a median of three; sorts where these turn out badly.
    private readonly Span<ulong> KeepFirst()
    {
        var values = _room[.._count];
        int start = 0, end = values.Length, tries = 2 * BitOperations.Log2((uint)values.Length) + 4;
        while (end - start > 16 && start < _k && _k < end)
        {
            if (tries-- == 0) break;
            ulong a = values[start], b = values[start + (end - start) / 2], c = values[end - 1];
            ulong pivot = Math.Max(Math.Min(a, b), Math.Min(Math.Max(a, b), c));
            int i = start, j = end - 1;
            while (i <= j)
            {
                while (values[i] < pivot) i++;
                while (values[j] > pivot) j--;
                if (i > j) break;
                (values[i], values[j]) = (values[j], values[i]);
                i++;
                j--;
            }
            if (_k <= j + 1) end = j + 1;
            else if (_k >= i) start = i;
            else return values[.._k];
        }
        values[start..end].Sort();
        return values[.._k];
    }
}
