using GpuNets.Kernels;
using GpuNets.Reference;

namespace GpuNets.Tests.Ntm;

/// <summary>One machine in two notations, the kernels' and the reference's, with random parameters, inputs and gradients of the logits.</summary>
internal sealed class NtmCase
{
    private readonly Dictionary<string, float[]> _values = [];

    private NtmCase(NtmSizes sizes, NtmReferenceOptions options, int seed)
    {
        (Sizes, Options) = (sizes, options);
        var random = new Philox((ulong)seed);
        uint draw = 0;
        foreach (var (name, length) in NtmReferenceState.Lengths(options))
        {
            // Key strengths and gates that matter, memories away from zero.
            double scale = name.EndsWith("weight", StringComparison.Ordinal) || name.EndsWith("recurrent", StringComparison.Ordinal) ? 0.5 : 0.7;
            var values = new float[length];
            for (int i = 0; i < length; i++) values[i] = (float)(random.Normal(draw++) * scale);
            if (name == "weightings") Normalise(values, options.Rows);
            _values.Add(name, values);
        }
        Inputs = [.. Enumerable.Range(0, sizes.Time * sizes.Batch * sizes.Inputs).Select(_ => (float)random.Normal(draw++))];
        DLogits = [.. Enumerable.Range(0, sizes.Time * sizes.Batch * sizes.Outputs).Select(_ => (float)random.Normal(draw++))];
    }

    public NtmSizes Sizes { get; }
    public NtmReferenceOptions Options { get; }
    public float[] Inputs { get; }
    public float[] DLogits { get; }
    public IReadOnlyDictionary<string, float[]> Values => _values;

    public static readonly string[] Names =
    [
        "paper", "collier-beel", "pytorch-ntm", "relu-keys", "two-layers", "feed-forward", "feed-forward-relu", "content-only", "unsharpened", "wide-shift",
        "three-rows", "many-heads", "many-heads-erases-first", "writes-first", "writes-first-erases-first", "alternate", "alternate-more-writes", "clipped", "vectors",
    ];

    public static NtmCase Named(string name, int time = 3, int batch = 2, int rows = 0)
    {
        var z = new NtmSizes
        {
            Inputs = 3,
            Outputs = 2,
            Width = 5,
            Layers = 1,
            Lstm = 1,
            LayerActivation = NtmActivation.Tanh,
            Reads = 1,
            Writes = 1,
            Rows = 6,
            Columns = 4,
            Shift = 1,
            Time = time,
            Batch = batch,
            ErasesFirst = 1,
            Rules = new NtmRules
            {
                Key = NtmActivation.Tanh,
                Beta = NtmActivation.Softplus,
                Gamma = NtmActivation.Softplus,
                Erase = NtmActivation.Sigmoid,
                Add = NtmActivation.Tanh,
                Sharpen = 1,
                CosineEpsilon = 1e-8f,
                Clip = float.PositiveInfinity,
            },
        };
        switch (name)
        {
            case "paper": break;
            case "collier-beel": z.Rules.Clip = 20; break;
            case "pytorch-ntm":
                z.Rules.Key = z.Rules.Beta = z.Rules.Gamma = z.Rules.ShiftLogits = z.Rules.Erase = z.Rules.Add = NtmActivation.Relu;
                (z.Rules.CosineFloor, z.Rules.CosineShift) = (1, 1e-16f);
                break;
            case "relu-keys": z.Rules.Key = NtmActivation.Identity; z.Rules.Add = NtmActivation.Identity; break;
            case "two-layers": z.Layers = 2; z.Width = 7; break;
            case "feed-forward": z.Lstm = 0; break;
            case "feed-forward-relu": z.Lstm = 0; z.Layers = 2; z.LayerActivation = NtmActivation.Relu; break;
            case "content-only": z.Rules.ContentOnly = 1; break;
            case "unsharpened": z.Rules.Sharpen = 0; break;
            case "wide-shift": z.Shift = 2; z.Rows = 9; break;
            case "three-rows": z.Rows = 3; break;
            case "many-heads": z.Reads = 2; z.Writes = 3; z.ErasesFirst = 0; break;
            case "many-heads-erases-first": z.Reads = 2; z.Writes = 3; break;
            case "writes-first": z.Turns = NtmTurns.WritesFirst; z.Reads = 2; z.Writes = 2; z.ErasesFirst = 0; break;
            case "writes-first-erases-first": z.Turns = NtmTurns.WritesFirst; z.Reads = 1; z.Writes = 2; break;
            case "alternate": z.Turns = NtmTurns.Alternate; z.Reads = 3; z.Writes = 2; z.ErasesFirst = 0; break;
            case "alternate-more-writes": z.Turns = NtmTurns.Alternate; z.Reads = 1; z.Writes = 3; z.ErasesFirst = 0; break;
            case "clipped": z.Rules.Clip = 0.6f; break;
            case "vectors": z.Rows = 37; z.Columns = 9; z.Width = 21; break;
            default: throw new ArgumentException(name);
        }
        if (rows > 0) z.Rows = rows;
        return new NtmCase(z, Describe(z), Array.IndexOf(Names, name) + 1);
    }

    /// <summary>Gradients of the reference by name; outputs and final weightings besides.</summary>
    public NtmExpected Expected()
    {
        var tape = new ReferenceTape();
        var parameters = _values.ToDictionary(pair => pair.Key, pair => tape.Variables(pair.Value.Select(v => (double)v)));
        var logits = new ReferenceValue[DLogits.Length];
        var inputs = tape.Variables(Inputs.Select(v => (double)v));
        var weightings = new double[Sizes.Time, Sizes.Batch][];
        ReferenceValue loss = 0.0;
        for (int b = 0; b < Sizes.Batch; b++)
        {
            var machine = new NtmReference<ReferenceValue>(Options, parameters);
            for (int t = 0; t < Sizes.Time; t++)
            {
                int q = t * Sizes.Batch + b;
                var y = machine.Step(inputs[(q * Sizes.Inputs)..((q + 1) * Sizes.Inputs)]);
                weightings[t, b] = [.. machine.Weightings.SelectMany(w => w).Select(w => w.Number)];
                for (int o = 0; o < y.Length; o++)
                {
                    logits[q * Sizes.Outputs + o] = y[o];
                    loss += y[o] * DLogits[q * Sizes.Outputs + o];
                }
            }
        }
        double[] gradients = tape.Gradients(loss);
        var byName = parameters.ToDictionary(pair => pair.Key, pair => pair.Value.Select(v => gradients[v.Index]).ToArray());
        byName.Add("inputs", [.. inputs.Select(v => gradients[v.Index])]);
        return new NtmExpected([.. logits.Select(v => v.Number)], weightings, byName);
    }

    /// <summary>Runs the persistent kernels.</summary>
    public NtmActual Run(Device device)
    {
        using var scope = device.Scope();
        var buffers = _values.ToDictionary(pair => pair.Key, pair => Upload(device, pair.Value));
        var gradients = buffers.ToDictionary(pair => pair.Value, pair => device.AllocateTemporary(pair.Value.Length, pair.Key));
        var values = Buffers(name => buffers[name]);
        var logits = device.AllocateTemporary(DLogits.Length, "logits");
        DeviceBuffer inputs = Upload(device, Inputs), dLogits = Upload(device, DLogits), dInputs = device.AllocateTemporary(Inputs.Length, "dInputs");
        var run = NtmSequence.Forward(Sizes, values, inputs, logits, training: true);
        run.Backward(dLogits, dInputs, Target);
        var byName = buffers.ToDictionary(pair => pair.Key, pair => Download(gradients[pair.Value]));
        byName.Add("inputs", Download(dInputs));
        return new NtmActual(Download(logits), Download(run.Log)[run.Layout.Weights..], byName);

        DeviceBuffer? Target(DeviceBuffer buffer, out bool accumulate)
        {
            accumulate = false;
            return gradients[buffer];
        }
    }

    public NtmBuffers Buffers(Func<string, DeviceBuffer> named)
    {
        NtmAffine Affine(string name) => new(named($"{name}.weight"), named($"{name}.bias"));
        var layers = Enumerable.Range(0, Sizes.Layers).Select(l => new NtmLayer(
            Affine($"layer{l}"), Sizes.Lstm != 0 ? new NtmAffine(named($"layer{l}.recurrent"), named($"layer{l}.recurrentBias")) : null));
        var heads = Enumerable.Range(0, Sizes.Heads).Select(h => Affine($"head{h}"));
        return new NtmBuffers(
            [.. layers], [.. heads], Affine("output"), named("reads"), named("weightings"), named("memory"), named("hidden"),
            Sizes.Lstm != 0 ? named("cells") : null);
    }

    private static DeviceBuffer Upload(Device device, float[] values)
    {
        var buffer = device.AllocateTemporary(values.Length, "test");
        buffer.Write(values);
        return buffer;
    }

    private static float[] Download(DeviceBuffer buffer)
    {
        var values = new float[buffer.Length];
        buffer.Read(values);
        return values;
    }

    private static void Normalise(float[] values, int rows)
    {
        for (int start = 0; start < values.Length; start += rows)
        {
            float sum = 0;
            for (int i = start; i < start + rows; i++) sum += values[i] = MathF.Abs(values[i]) + 0.01f;
            for (int i = start; i < start + rows; i++) values[i] /= sum;
        }
    }

    private static NtmReferenceOptions Describe(NtmSizes z)
    {
        IEnumerable<string> reads = Enumerable.Range(0, z.Reads).Select(i => $"r{i}"), writes = Enumerable.Range(0, z.Writes).Select(i => $"w{i}");
        var turns = z.Turns switch
        {
            NtmTurns.ReadsFirst => [.. reads, .. writes, "|"],
            NtmTurns.WritesFirst => [.. writes, "|", .. reads],
            _ => Enumerable.Range(0, Math.Max(z.Reads, z.Writes)).SelectMany(i => new[] { (i < z.Reads, $"r{i}"), (i < z.Writes, $"w{i}"), (i < z.Writes, "|") })
                .Where(turn => turn.Item1).Select(turn => turn.Item2).ToList(),
        };
        return new NtmReferenceOptions
        {
            Inputs = z.Inputs,
            Outputs = z.Outputs,
            Width = z.Width,
            Layers = z.Layers,
            Lstm = z.Lstm != 0,
            Reads = z.Reads,
            Writes = z.Writes,
            Rows = z.Rows,
            Columns = z.Columns,
            Shift = z.Shift,
            ErasesFirst = z.ErasesFirst != 0,
            Turns = turns,
            Layer = Function(z.LayerActivation),
            Key = Function(z.Rules.Key),
            Beta = Function(z.Rules.Beta),
            Gamma = Function(z.Rules.Gamma),
            ShiftLogits = Function(z.Rules.ShiftLogits),
            Erase = Function(z.Rules.Erase),
            Add = Function(z.Rules.Add),
            ContentOnly = z.Rules.ContentOnly != 0,
            Sharpen = z.Rules.Sharpen != 0,
            CosineFloor = z.Rules.CosineFloor != 0,
            CosineEpsilon = z.Rules.CosineEpsilon,
            CosineShift = z.Rules.CosineShift,
            Clip = z.Rules.Clip,
        };
    }

    private static NtmReferenceActivation Function(int kind) => kind switch
    {
        NtmActivation.Relu => NtmReferenceActivation.Relu,
        NtmActivation.Tanh => NtmReferenceActivation.Tanh,
        NtmActivation.Sigmoid => NtmReferenceActivation.Sigmoid,
        NtmActivation.Softplus => NtmReferenceActivation.Softplus,
        _ => NtmReferenceActivation.Identity,
    };
}

internal sealed record NtmExpected(double[] Logits, double[,][] Weightings, IReadOnlyDictionary<string, double[]> Gradients);

internal sealed record NtmActual(float[] Logits, float[] Weightings, IReadOnlyDictionary<string, float[]> Gradients);
