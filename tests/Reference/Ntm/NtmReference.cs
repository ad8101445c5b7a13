using V = GpuNets.Reference.ReferenceValue;

namespace GpuNets.Reference;

/// <summary>A Neural Turing Machine in double precision, one scalar at a time, as the paper writes it.</summary>
public sealed class NtmReference
{
    private readonly NtmReferenceOptions _o;
    private readonly IReadOnlyDictionary<string, V[]> _p;
    private readonly V[][] _hidden, _cells;

    /// <summary>A machine in its initial state.</summary>
    public NtmReference(NtmReferenceOptions options, IReadOnlyDictionary<string, V[]> parameters)
    {
        (_o, _p) = (options, parameters);
        Memory = Split(parameters["memory"], options.Columns);
        Reads = Split(parameters["reads"], options.Columns);
        Weightings = Split(parameters["weightings"], options.Rows);
        _hidden = Split(parameters["hidden"], options.Width);
        _cells = options.Lstm ? Split(parameters["cells"], options.Width) : [];
    }

    /// <summary>Memory [N][M], read vectors [R][M] and weightings [H][N] after the last step.</summary>
    public V[][] Memory { get; private set; }

    /// <inheritdoc cref="Memory"/>
    public V[][] Reads { get; }

    /// <inheritdoc cref="Memory"/>
    public V[][] Weightings { get; }

    /// <summary>One step; returns the logits.</summary>
    public V[] Step(V[] x)
    {
        V[] h = Controller([.. x, .. Reads.SelectMany(r => r)]);
        var pending = new List<(V[] W, V[] E, V[] A)>();
        foreach (string turn in _o.Turns)
        {
            if (turn == "|")
            {
                Write(pending);
                pending.Clear();
                continue;
            }
            int index = int.Parse(turn[1..]), head = turn[0] == 'r' ? index : _o.Reads + index;
            V[] raw = [.. Affine($"head{head}", h).Select(v => v.Clip(_o.Clip))];
            Weightings[head] = Address(raw, Weightings[head]);
            if (turn[0] == 'r')
            {
                for (int m = 0; m < _o.Columns; m++)
                    Reads[index][m] = Sum(Enumerable.Range(0, _o.Rows).Select(i => Weightings[head][i] * Memory[i][m]));
            }
            else
            {
                pending.Add((Weightings[head], [.. raw[_o.AddressWidth..(_o.AddressWidth + _o.Columns)].Select(_o.Erase)],
                    [.. raw[(_o.AddressWidth + _o.Columns)..].Select(_o.Add)]));
            }
        }
        return Affine("output", [.. h, .. Reads.SelectMany(r => r)]);
    }

    private V[] Address(V[] raw, V[] previous)
    {
        int n = _o.Rows, m = _o.Columns;
        V[] key = [.. raw[..m].Select(v => _o.Key(v) + _o.CosineShift)];
        V beta = _o.Beta(raw[m]), keyNorm = Sum(key.Select(k => k * k)).Sqrt();
        var cosine = new V[n];
        for (int i = 0; i < n; i++)
        {
            V[] row = [.. Memory[i].Select(v => v + _o.CosineShift)];
            V norms = keyNorm * Sum(row.Select(v => v * v)).Sqrt();
            V dot = Sum(row.Zip(key, (a, b) => a * b));
            cosine[i] = dot / (_o.CosineFloor ? norms.AtLeast(_o.CosineEpsilon) : norms + _o.CosineEpsilon);
        }
        V[] content = Softmax([.. cosine.Select(k => beta * k)]);
        if (_o.ContentOnly) return content;
        V g = raw[m + 1].Sigmoid();
        V[] gated = [.. content.Zip(previous, (c, p) => g * c + (1 - g) * p)];
        int taps = 2 * _o.Shift + 1;
        V[] s = Softmax([.. raw[(m + 2)..(m + 2 + taps)].Select(_o.ShiftLogits)]);
        var shifted = new V[n];
        for (int i = 0; i < n; i++)
        {
            int place = i;
            shifted[i] = Sum(Enumerable.Range(-_o.Shift, taps).Select(j => gated[(((place - j) % n) + n) % n] * s[j + _o.Shift]));
        }
        if (!_o.Sharpen) return shifted;
        V gamma = _o.Gamma(raw[m + 2 + taps]);
        V[] power = [.. shifted.Select(w => w * ((gamma + -1.0) * w.AtLeast(1e-16).Log()).Exp())];
        V total = Sum(power) + 1e-16;
        return [.. power.Select(w => w / total)];
    }

    private void Write(List<(V[] W, V[] E, V[] A)> heads)
    {
        if (_o.ErasesFirst)
        {
            Change((value, i, m) => heads.Aggregate(value, (v, h) => v * (1 - h.W[i] * h.E[m])));
            Change((value, i, m) => heads.Aggregate(value, (v, h) => v + h.W[i] * h.A[m]));
        }
        else
        {
            foreach (var (w, e, a) in heads) Change((value, i, m) => value * (1 - w[i] * e[m]) + w[i] * a[m]);
        }
    }

    private void Change(Func<V, int, int, V> change) =>
        Memory = [.. Memory.Select((row, i) => row.Select((value, m) => change(value, i, m)).ToArray())];

    private V[] Controller(V[] input)
    {
        int c = _o.Width;
        for (int l = 0; l < _o.Layers; l++)
        {
            V[] z = Affine($"layer{l}", input);
            if (_o.Lstm)
            {
                V[] own = Product(_p[$"layer{l}.recurrent"], _p[$"layer{l}.recurrentBias"], _hidden[l]);
                for (int u = 0; u < c; u++)
                {
                    V Gate(int gate) => z[gate * c + u] + own[gate * c + u];
                    _cells[l][u] = Gate(1).Sigmoid() * _cells[l][u] + Gate(0).Sigmoid() * Gate(2).Tanh();
                    z[u] = Gate(3).Sigmoid() * _cells[l][u].Tanh();
                }
                z = z[..c];
            }
            else
            {
                z = [.. z.Select(_o.Layer)];
            }
            _hidden[l] = input = z;
        }
        return input;
    }

    private V[] Affine(string name, V[] x) => Product(_p[$"{name}.weight"], _p[$"{name}.bias"], x);

    private static V[] Product(V[] weight, V[] bias, V[] x) =>
        [.. bias.Select((b, o) => b + Sum(x.Select((value, k) => value * weight[o * x.Length + k])))];

    private static V[] Softmax(V[] x)
    {
        double max = x.Max(v => v.Number);
        V[] e = [.. x.Select(v => (v + -max).Exp())];
        V sum = Sum(e);
        return [.. e.Select(v => v / sum)];
    }

    private static V Sum(IEnumerable<V> terms) => terms.Aggregate((a, b) => a + b);

    private static V[][] Split(V[] values, int width) => [.. values.Chunk(width)];
}
