namespace GpuNets.Reference;

/// <summary>One head in one step.</summary>
public sealed class NtmReferenceHead<T> where T : struct, IReferenceNumber<T>
{
    /// <summary>Activates parameters and addresses the memory [N][M].</summary>
    public NtmReferenceHead(NtmReferenceOptions o, T[] raw, T[] previous, T[][] memory)
    {
        T low = -o.Clip, high = o.Clip;
        raw = double.IsInfinity(o.Clip) ? raw : [.. raw.Select(v => T.Max(low, high - T.Max(high - v, 0.0)))];
        Weighting = Address(o, raw, previous, memory);
        if (raw.Length == o.AddressWidth) return;
        Erase = [.. raw[o.AddressWidth..(o.AddressWidth + o.Columns)].Select(v => o.Erase.Of(v))];
        Add = [.. raw[(o.AddressWidth + o.Columns)..].Select(v => o.Add.Of(v))];
    }

    /// <summary>A write head whose numbers are given.</summary>
    public NtmReferenceHead(T[] weighting, T[] erase, T[] add) => (Weighting, Erase, Add) = (weighting, erase, add);

    public T[] Weighting { get; }

    public T[] Erase { get; } = [];

    public T[] Add { get; } = [];

    /// <summary>r = sum_i w_i Mem_i.</summary>
    public T[] Read(T[][] memory) =>
        [.. memory[0].Select((_, m) => Sum(memory.Select((row, i) => Weighting[i] * row[m])))];

    /// <summary>The memory after some heads wrote.</summary>
    public static T[][] Write(NtmReferenceOptions o, IReadOnlyList<NtmReferenceHead<T>> heads, T[][] memory)
    {
        T[][] Change(Func<T, int, int, T> change) => [.. memory.Select((row, i) => row.Select((value, m) => change(value, i, m)).ToArray())];
        if (o.ErasesFirst)
        {
            memory = Change((value, i, m) => heads.Aggregate(value, (v, h) => v * ((T)1.0 - h.Weighting[i] * h.Erase[m])));
            return Change((value, i, m) => heads.Aggregate(value, (v, h) => v + h.Weighting[i] * h.Add[m]));
        }
        foreach (var head in heads)
            memory = Change((value, i, m) => value * ((T)1.0 - head.Weighting[i] * head.Erase[m]) + head.Weighting[i] * head.Add[m]);
        return memory;
    }

    private static T[] Address(NtmReferenceOptions o, T[] raw, T[] previous, T[][] memory)
    {
        int n = o.Rows, m = o.Columns;
        T[] key = [.. raw[..m].Select(v => o.Key.Of(v) + o.CosineShift)];
        T beta = o.Beta.Of(raw[m]), keyNorm = T.Sqrt(Sum(key.Select(k => k * k)));
        var cosine = new T[n];
        for (int i = 0; i < n; i++)
        {
            T[] row = [.. memory[i].Select(v => v + o.CosineShift)];
            T norms = keyNorm * T.Sqrt(Sum(row.Select(v => v * v)));
            cosine[i] = Sum(row.Zip(key, (a, b) => a * b)) / (o.CosineFloor ? T.Max(norms, o.CosineEpsilon) : norms + o.CosineEpsilon);
        }
        T[] content = Softmax([.. cosine.Select(k => beta * k)]);
        if (o.ContentOnly) return content;
        T g = NtmReferenceActivation.Sigmoid.Of(raw[m + 1]);
        T[] gated = [.. content.Zip(previous, (c, p) => g * c + ((T)1.0 - g) * p)];
        int taps = 2 * o.Shift + 1;
        T[] s = Softmax([.. raw[(m + 2)..(m + 2 + taps)].Select(v => o.ShiftLogits.Of(v))]);
        T[] shifted = [.. Enumerable.Range(0, n).Select(i =>
            Sum(Enumerable.Range(-o.Shift, taps).Select(j => gated[(((i - j) % n) + n) % n] * s[j + o.Shift])))];
        if (!o.Sharpen) return shifted;
        T gamma = o.Gamma.Of(raw[m + 2 + taps]) + 1.0;
        T[] power = [.. shifted.Select(w => w * T.Exp((gamma - 1.0) * T.Log(T.Max(w, 1e-16))))];
        T total = Sum(power) + 1e-16;
        return [.. power.Select(w => w / total)];
    }

    private static T[] Softmax(T[] x)
    {
        double max = x.Max(v => v.Number);
        T[] e = [.. x.Select(v => T.Exp(v - max))];
        T sum = Sum(e);
        return [.. e.Select(v => v / sum)];
    }

    private static T Sum(IEnumerable<T> terms) => terms.Aggregate((a, b) => a + b);
}
