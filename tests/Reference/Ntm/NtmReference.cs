namespace GpuNets.Reference;

/// <summary>A Neural Turing Machine, one scalar at a time, as the paper writes it.</summary>
public sealed class NtmReference<T> where T : struct, IReferenceNumber<T>
{
    private readonly NtmReferenceOptions _o;
    private readonly IReadOnlyDictionary<string, T[]> _p;
    private readonly T[][] _hidden, _cells;
    private T[][] _memory;

    /// <summary>A machine in its initial state.</summary>
    public NtmReference(NtmReferenceOptions options, IReadOnlyDictionary<string, T[]> parameters)
    {
        (_o, _p) = (options, parameters);
        _memory = Split(parameters["memory"], options.Columns);
        Reads = Split(parameters["reads"], options.Columns);
        Weightings = Split(parameters["weightings"], options.Rows);
        _hidden = Split(parameters["hidden"], options.Width);
        _cells = options.Lstm ? Split(parameters["cells"], options.Width) : [];
    }

    /// <summary>Read vectors [R][M] and weightings [H][N] after the last step.</summary>
    public T[][] Reads { get; }

    /// <inheritdoc cref="Reads"/>
    public T[][] Weightings { get; }

    /// <summary>One step; returns the logits.</summary>
    public T[] Step(T[] x)
    {
        T[] h = Controller([.. x, .. Reads.SelectMany(r => r)]);
        var pending = new List<NtmReferenceHead<T>>();
        foreach (string turn in _o.Turns)
        {
            if (turn == "|")
            {
                _memory = NtmReferenceHead<T>.Write(_o, pending, _memory);
                pending.Clear();
                continue;
            }
            int index = int.Parse(turn[1..]), number = turn[0] == 'r' ? index : _o.Reads + index;
            var head = new NtmReferenceHead<T>(_o, Affine($"head{number}", h), Weightings[number], _memory);
            Weightings[number] = head.Weighting;
            if (turn[0] == 'r') Reads[index] = head.Read(_memory);
            else pending.Add(head);
        }
        return Affine("output", [.. h, .. Reads.SelectMany(r => r)]);
    }

    private T[] Controller(T[] input)
    {
        int c = _o.Width;
        for (int l = 0; l < _o.Layers; l++)
        {
            T[] z = Affine($"layer{l}", input);
            if (_o.Lstm)
            {
                T[] own = Product(_p[$"layer{l}.recurrent"], _p[$"layer{l}.recurrentBias"], _hidden[l]);
                for (int u = 0; u < c; u++)
                {
                    T Gate(int gate) => NtmReferenceActivation.Sigmoid.Of(z[gate * c + u] + own[gate * c + u]);
                    _cells[l][u] = Gate(1) * _cells[l][u] + Gate(0) * T.Tanh(z[2 * c + u] + own[2 * c + u]);
                    z[u] = Gate(3) * T.Tanh(_cells[l][u]);
                }
                z = z[..c];
            }
            else
            {
                z = [.. z.Select(v => _o.Layer.Of(v))];
            }
            _hidden[l] = input = z;
        }
        return input;
    }

    private T[] Affine(string name, T[] x) => Product(_p[$"{name}.weight"], _p[$"{name}.bias"], x);

    private static T[] Product(T[] weight, T[] bias, T[] x) =>
        [.. bias.Select((b, o) => b + x.Select((value, k) => value * weight[o * x.Length + k]).Aggregate((a, c) => a + c))];

    private static T[][] Split(T[] values, int width) => [.. values.Chunk(width)];
}
