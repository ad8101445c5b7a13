namespace GpuNets.Tests.Autograd;

/// <summary>
/// A small training with all that differs from step to step: dropout in two places and in attention, noise made in the step, batch norm with
/// and without momentum, a schedule, clipping whose limits the caller changes, new inputs and labels.
/// </summary>
internal sealed class CaptureTraining
{
    private const int Batch = 6, Size = 4, Classes = 3, Words = 5;

    private readonly Vars _vars;
    private readonly Linear _hidden, _output;
    private readonly BatchNorm1d _second;
    private readonly Tensor _x;
    private readonly IndexTensor _labels, _words;
    private readonly Parameter _table, _columns;
    private readonly Philox _random = new(4);

    public CaptureTraining(Device device, string optimizer)
    {
        Device = device;
        _vars = new Vars(device, seed: 3);
        _hidden = new Linear(_vars["hidden"], Size, 8);
        Norm = new BatchNorm1d(_vars["norm"], 8, new BatchNormOptions { Momentum = null });
        _second = new BatchNorm1d(_vars["second"], 8);
        _output = new Linear(_vars["output"], 8, Classes);
        _table = _vars["words"].Parameter("table", (Words, Size), Init.Normal(0.5f));
        _columns = _vars["words"].Parameter("columns", (Batch, Words), Init.Normal(0.5f));
        Optimizer = Make(optimizer, _vars.Parameters);
        Optimizer.Schedule = step => 1e-2f / (1 + step);
        _x = device.Tensor(new float[Batch * Size], (Batch, Size));
        _labels = device.Indices(new int[Batch], Batch, below: Classes);
        _words = device.Indices(new int[Size], Size, below: Words);
    }

    public Device Device { get; }

    public BatchNorm1d Norm { get; }

    public Optimizer Optimizer { get; }

    public RandomSource Noise { get; } = new(9) { State = new RandomState(9, uint.MaxValue - 5) };   // over the edge of its 32 bits

    /// <summary>How often the host ran the step.</summary>
    public int HostRuns { get; private set; }

    public Tensor Step(Tape tape)
    {
        HostRuns++;
        var noise = Device.RandomNormal((Batch, Size), Noise.Next(), deviation: 0.1f) + Device.RandomUniform((Batch, Size), Noise.Next());
        // Twice from one table, so that gradients are added, and along an inner axis.
        var words = _table.IndexSelect(0, _words).MatMul(_table.IndexSelect(0, _words)).Mean() + _columns.IndexSelect(1, _words);
        var hidden = Norm.Forward(_hidden.Forward(_x + noise + words)).Relu().Dropout(0.3f, Noise);
        var rows = hidden.Reshape(1, 2, Batch, 4);
        var seen = rows.Attention(rows, rows, new AttentionOptions { Dropout = 0.2f, Random = Noise });
        var loss = _output.Forward(_second.Forward(hidden + seen.Reshape(Batch, 8))).Dropout(0.1f, Noise).CrossEntropy(_labels);
        tape.Backward(loss);
        Optimizer.Step();
        return loss;
    }

    public float Run()
    {
        using var tape = Device.Record();
        return Step(tape).Item();
    }

    /// <summary>The inputs of a step, and limits that the caller moves.</summary>
    public void Write(int step)
    {
        _x.CopyFrom([.. Enumerable.Range(0, _x.Count).Select(i => _random.Uniform((uint)(step * _x.Count + i)))]);
        _labels.CopyFrom([.. Enumerable.Range(0, Batch).Select(i => (i + step) % Classes)]);
        _words.CopyFrom([.. Enumerable.Range(0, Size).Select(i => (i * i + step) % Words)]);
        Optimizer.ClipNorm = 1f / (1 + step);
        Optimizer.ClipValue = 0.3f / (1 + step);
    }

    /// <summary>Parameters, running statistics and moments.</summary>
    public float[] Values() =>
    [
        .. _vars.Parameters.SelectMany(parameter => parameter.ToArray()),
        .. new[] { Norm, _second }.SelectMany(norm => norm.RunningMean!.ToArray().Concat(norm.RunningVariance!.ToArray())),
        .. Optimizer.State().Where(entry => entry.Name != "step").SelectMany(entry => entry.ToFloats()),
    ];

    private static Optimizer Make(string name, IReadOnlyList<Parameter> parameters) => name switch
    {
        "Adam" => new Adam(parameters, weightDecay: 1e-2f),
        "AdamW" => new AdamW(parameters),
        "Adamax" => new Adamax(parameters),
        "Sgd" => new Sgd(parameters, 1e-2f),
        "Sgd momentum" => new Sgd(parameters, 1e-2f, momentum: 0.9f, dampening: 0.1f),
        "Adadelta" => new Adadelta(parameters),
        "RmsProp" => new RmsProp(parameters, momentum: 0.9f, centered: true),
        _ => RmsProp.Graves(parameters),
    };
}
