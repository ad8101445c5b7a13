using Weights = System.Collections.Generic.Dictionary<string, float[]>;

namespace GpuNets.Tests.Recurrent;

/// <summary>Runs an LSTM or a GRU on host arrays, with weights that can be handed from one layer to another.</summary>
internal sealed class RecurrentRun(bool lstm) : IDisposable
{
    private readonly DeviceLease _lease = TestDevices.Lease();
    private readonly List<Vars> _vars = [];
    private uint _draws;

    /// <summary>What a layer gave: output, last states (hidden, then cells) and parameters by name.</summary>
    internal sealed record Result(float[] Output, float[] Last, Weights State);

    public Device Device => _lease.Device;

    /// <summary>Parameters that end with this run, so that its device can be lent again.</summary>
    public Vars Vars(ulong seed)
    {
        _vars.Add(new Vars(Device, seed));
        return _vars[^1];
    }

    public float[] Random(int count)
    {
        var random = new Philox(11, _draws++);
        return [.. Enumerable.Range(0, count).Select(i => (float)random.Normal((uint)i))];
    }

    /// <summary>Runs x [time, batch, inputs] through a new layer with the given parameters, or random ones.</summary>
    public Result Layer(
        float[] x, Shape shape, int units, int layers = 1, bool bidirectional = false, int[]? lengths = null, Weights? state = null, float[]? first = null)
    {
        using var scope = Device.Scope();
        var vars = Vars(seed: 5);
        var indices = lengths is null ? null : Device.Indices(lengths);
        Shape stateShape = (layers * (bidirectional ? 2 : 1), shape[1], units);
        var input = Device.Tensor(x, shape);
        Tensor output, hidden;
        Tensor? cell = null;
        if (lstm)
        {
            var layer = new Lstm(vars, shape[2], units, new LstmOptions { Layers = layers, Bidirectional = bidirectional });
            Assign(vars, state);
            LstmState? start = first is null ? null
                : new LstmState(Device.Tensor(first.AsSpan(0, first.Length / 2), stateShape), Device.Tensor(first.AsSpan(first.Length / 2), stateShape));
            (output, (hidden, cell)) = layer.Forward(input, start, indices);
        }
        else
        {
            var layer = new Gru(vars, shape[2], units, new GruOptions { Layers = layers, Bidirectional = bidirectional });
            Assign(vars, state);
            (output, hidden) = layer.Forward(input, first is null ? null : Device.Tensor(first, stateShape), indices);
        }
        Assert.Equal(new Shape(shape[0], shape[1], units * (bidirectional ? 2 : 1)), output.Shape);
        Assert.Equal(stateShape, hidden.Shape);
        return new Result(
            output.ToArray(), [.. hidden.ToArray(), .. cell?.ToArray() ?? []], vars.Parameters.ToDictionary(p => p.Path, p => p.ToArray()));
    }

    /// <summary>The parameters of one direction, under the names of the first.</summary>
    public Weights Pick(Weights state, bool reverse) => state.Where(entry => entry.Key.EndsWith("_reverse", StringComparison.Ordinal) == reverse)
        .ToDictionary(entry => entry.Key.Replace("_reverse", "", StringComparison.Ordinal), entry => entry.Value);

    /// <summary>The parameters of one layer, under the names of the first.</summary>
    public Weights Pick(Weights state, int layer) => state.Where(entry => entry.Key.Contains($"_l{layer}", StringComparison.Ordinal))
        .ToDictionary(entry => entry.Key.Replace($"_l{layer}", "_l0", StringComparison.Ordinal), entry => entry.Value);

    public static float[] ReverseTime(float[] values, int time)
    {
        int step = values.Length / time;
        return [.. Enumerable.Range(0, time).SelectMany(t => values.Skip((time - 1 - t) * step).Take(step))];
    }

    /// <summary>Equal but for the order in which matrix products of other sizes add: a few units in the last place of one.</summary>
    public static void AssertClose(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs(expected[i] - actual[i]) <= 1e-6f, $"value {i}: {actual[i]:R}, expected {expected[i]:R}");
    }

    public void Dispose()
    {
        foreach (var parameter in _vars.SelectMany(vars => vars.Parameters))
        {
            parameter.GradientBuffer?.Free();
            parameter.Buffer.Free();
        }
        _lease.Dispose();
    }

    private static void Assign(Vars vars, Weights? state)
    {
        if (state is null) return;
        Assert.Equal(state.Keys, vars.Parameters.Select(parameter => parameter.Path));
        foreach (var parameter in vars.Parameters) parameter.Assign(state[parameter.Path]);
    }
}
