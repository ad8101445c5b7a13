using GpuNets.Kernels;
using GpuNets.Reference;

namespace GpuNets.Tests.Attention;

/// <summary>Random operands of an attention on a device, its kernels for tensor cores, and the reference.</summary>
internal sealed class TensorAttentionCase
{
    private readonly Device _device;
    private readonly TensorAttentionTests.Setting _setting;
    private readonly AttentionSize _size;
    private readonly float[]? _bias;

    public TensorAttentionCase(Device device, TensorAttentionTests.Setting setting, int draw = 0)
    {
        ulong seed = 100 * (ulong)draw;
        (_device, _setting) = (device, setting);
        _size = new AttentionSize(setting.Batch, setting.Heads, setting.Queries, setting.Keys, setting.Size, setting.ValueSize);
        _bias = setting.HasBias ? Normal(seed + 5, setting.Heads * setting.Queries * setting.Keys) : null;
        var problem = new AttentionProblem
        {
            Size = _size,
            Query = default,
            Key = default,
            Value = default,
            Scale = setting.Scale,
            Causal = setting.Causal,
            Shift = setting.Shift,
            BiasHeads = setting.Heads,
            Dropout = setting.Dropout,
            Random = new Philox(8, 2),
        };
        var stand = device.Allocate(1);   // a rule belongs to the device of the query
        Reference = new RoundedAttention
        {
            Rule = (problem with { Query = problem.Query.In(stand) }).Rule,
            Mask = setting.Dropout > 0 ? (pair, t, s) => DropoutMask.At(problem.Random, setting.Dropout, pair, t, s) : null,
            Batch = setting.Batch,
            Size = setting.Size,
            ValueSize = setting.ValueSize,
            Lengths = setting.Lengths,
            Query = Normal(seed + 1, _size.Rows * setting.Size),
            Key = Normal(seed + 2, _size.Pairs * setting.Keys * setting.Size),
            Value = Normal(seed + 3, _size.Pairs * setting.Keys * setting.ValueSize),
            OutputGradient = Normal(seed + 4, _size.Rows * setting.ValueSize),
            Bias = _bias,
        };
        Problem = problem;
        stand.Free();
    }

    public RoundedAttention Reference { get; }

    /// <summary>What keys and values hold beyond the length of a sample; null: ordinary numbers.</summary>
    public float? BeyondLengths { get; init; }

    private AttentionProblem Problem { get; }

    /// <summary>The output and the gradients of query, key, value and bias, on the device.</summary>
    public (float[] Output, float[] Query, float[] Key, float[] Value, float[] Bias) Run()
    {
        var (queries, keys) = (_setting.Queries, _setting.Keys);
        var q = Upload(Reference.Query, queries, _setting.Size);
        var k = Upload(Beyond(Reference.Key, _setting.Size), keys, _setting.Size);
        var v = Upload(Beyond(Reference.Value, _setting.ValueSize), keys, _setting.ValueSize);
        var given = Upload(Reference.OutputGradient, queries, _setting.ValueSize);
        AttentionOperand output = Empty(queries, _setting.ValueSize), dq = Empty(queries, _setting.Size), dk = Empty(keys, _setting.Size), dv = Empty(keys, _setting.ValueSize);
        DeviceBuffer? lengths = null, bias = null, dbias = null;
        if (_setting.Lengths is { } l)
        {
            lengths = _device.Allocate(l.Length);
            lengths.Write(l);
        }
        if (_bias is not null)
        {
            bias = _device.Allocate(_bias.Length);
            bias.Write(_bias);
            dbias = _device.Allocate(_bias.Length);
        }
        var softmax = _device.Allocate(2 * _size.Rows);
        var problem = Problem with { Query = q, Key = k, Value = v, Lengths = lengths, Bias = bias };
        TensorAttentionLauncher.Forward(problem, output, softmax);
        TensorAttentionLauncher.Backward(problem, output, softmax, given, new AttentionGradients { Query = dq, Key = dk, Value = dv });
        // The gradient of a bias comes of what this way forward left.
        if (dbias is not null) BlockedAttention.Backward(problem, output, softmax, given, new AttentionGradients { Bias = dbias }, BlockedAttention.Scratch);
        float[] biasGradient = new float[_bias?.Length ?? 0];
        dbias?.Read(biasGradient);
        var result = (
            Download(output, queries, _setting.ValueSize), Download(dq, queries, _setting.Size), Download(dk, keys, _setting.Size),
            Download(dv, keys, _setting.ValueSize), biasGradient);
        foreach (var buffer in new[] { q.Buffer, k.Buffer, v.Buffer, given.Buffer, output.Buffer, dq.Buffer, dk.Buffer, dv.Buffer, lengths, bias, dbias, softmax }) buffer?.Free();
        return result;
    }

    /// <summary>The reference without rounding against the formula of the float32 forms: output, and gradients along a direction.</summary>
    public void CheckReference()
    {
        var (output, dq, dk, dv, dbias) = Reference.Run(x => x);
        float[] alongQuery = Normal(11, dq.Length), alongKey = Normal(12, dk.Length), alongValue = Normal(13, dv.Length), alongBias = Normal(14, dbias.Length);
        var expected = AttentionReference.Forward(
            Dual(Reference.Query, alongQuery, _setting.Queries, _setting.Size), Dual(Reference.Key, alongKey, _setting.Keys, _setting.Size),
            Dual(Reference.Value, alongValue, _setting.Keys, _setting.ValueSize), _setting.Scale,
            (b, t, s) => s < Reference.Rule.Visible(_setting.Lengths?[b] ?? _setting.Keys, t),
            _bias is null ? null : new NdArray([1, _setting.Heads, _setting.Queries, _setting.Keys], [.. _bias.Zip(alongBias, (x, d) => new Real(x, d))]),
            Reference.Mask is { } mask ? (pair, t, s) => mask(pair, t, s) : null);
        double along = 0;
        for (int i = 0; i < output.Length; i++)
        {
            Assert.Equal(expected[i].Value, output[i], 1e-12);
            along += Reference.OutputGradient[i] * expected[i].Tangent;
        }
        Assert.Equal(along, Dot(dq, alongQuery) + Dot(dk, alongKey) + Dot(dv, alongValue) + Dot(dbias, alongBias), 1e-9);

        static double Dot(double[] x, float[] y) => x.Zip(y, (a, b) => a * b).Sum();
    }

    private NdArray Dual(float[] values, float[] tangents, int time, int features) =>
        new([_setting.Batch, _setting.Heads, time, features], [.. values.Zip(tangents, (x, d) => new Real(x, d))]);

    private float[] Beyond(float[] values, int features)
    {
        if (BeyondLengths is not { } other) return values;
        return [.. values.Select((x, i) => i / features % _setting.Keys < _setting.Lengths![i / features / _setting.Keys / _setting.Heads] ? x : other)];
    }

    // Joined: rows of all heads and three floats more, of which the first stands before the heads.
    private AttentionOperand Empty(int time, int features)
    {
        if (!_setting.Joined) return AttentionOperand.Apart(_device.Allocate(_size.Pairs * time * features), _setting.Heads, time, features);
        int row = _setting.Heads * features + 3;
        return AttentionOperand.Joined(_device.Allocate(_setting.Batch * time * row), time, row, features, first: 1);
    }

    private AttentionOperand Upload(float[] values, int time, int features)
    {
        var operand = Empty(time, features);
        float[] there = new float[operand.Buffer.Length];
        for (int i = 0; i < values.Length; i++) there[Place(operand, time, features, i)] = values[i];
        operand.Buffer.Write(there);
        return operand;
    }

    private float[] Download(AttentionOperand operand, int time, int features)
    {
        float[] there = new float[operand.Buffer.Length];
        operand.Buffer.Read(there);
        return [.. Enumerable.Range(0, _size.Pairs * time * features).Select(i => there[Place(operand, time, features, i)])];
    }

    private int Place(in AttentionOperand operand, int time, int features, int i)
    {
        int row = i / features, pair = row / time;
        return operand.Offset + pair / _setting.Heads * operand.Batch + pair % _setting.Heads * operand.Head + row % time * operand.Time + i % features;
    }

    private static float[] Normal(ulong seed, int count)
    {
        var random = new Philox(seed);
        return [.. Enumerable.Range(0, count).Select(i => (float)random.Normal((uint)i))];
    }
}
