using GpuNets.Kernels;
using GpuNets.Reference;
using GpuNets.Tests.Ops;

namespace GpuNets.Tests.Recurrent;

/// <summary>Recurrent cells and layers.</summary>
internal sealed class RecurrentCases : IOpCases
{
    // A gradient of even one step chains some ten rounded operations, each off by up to half a unit: their random walk is two units long.
    private const double StepUlps = 2;

    public IEnumerable<OpCase> Cases =>
    [
        .. Both((name, lstm) => Cell(name, lstm, batch: 1, inputs: 1, units: 1)),
        .. Both((name, lstm) => Cell(name, lstm, batch: 2, inputs: 3, units: 4)),
        .. Both((name, lstm) => Cell(name, lstm, batch: 13, inputs: 5, units: 33)),
        .. Both((name, lstm) => Cell(name, lstm, batch: 3, inputs: 2, units: 5, bias: false)),
        .. Both((name, lstm) => Layer(name, lstm, new(Time: 1, Batch: 1, Inputs: 1, Units: 1))),
        .. Both((name, lstm) => Layer(name, lstm, new(3, 2, 2, 3))),
        .. Both((name, lstm) => Layer(name, lstm, new(2, 14, 3, 17))),
        .. Both((name, lstm) => Layer(name, lstm, new(4, 3, 3, 5) { State = false, Bias = false })),
        .. Both((name, lstm) => Layer(name, lstm, new(4, 4, 2, 3) { Lengths = [4, 2, 0, 1] })),
        .. Both((name, lstm) => Layer(name, lstm, new(3, 2, 2, 3) { Directions = 2 })),
        .. Both((name, lstm) => Layer(name, lstm, new(4, 3, 2, 5) { Directions = 2, Lengths = [1, 3, 4] })),
        .. Both((name, lstm) => Layer(name, lstm, new(2, 2, 1, 2) { Directions = 2, Lengths = [1, 2] })),
    ];

    /// <summary>Sizes and features of a layer.</summary>
    private sealed record Setting(int Time, int Batch, int Inputs, int Units)
    {
        public int Directions { get; init; } = 1;
        public int[]? Lengths { get; init; }
        public bool State { get; init; } = true;
        public bool Bias { get; init; } = true;

        public override string ToString() =>
            $"[{Time}, {Batch}, {Inputs}] {Directions} x {Units}{(Lengths is null ? "" : $" lengths {string.Join(' ', Lengths)}")}{(Bias ? "" : " bare")}";
    }

    private static IEnumerable<OpCase> Both(Func<string, bool, OpCase> make) => [make("lstm", true), make("gru", false)];

    private static OpCase Cell(string name, bool lstm, int batch, int inputs, int units, bool bias = true) =>
        new($"{name} cell [{batch}, {inputs}] {units}{(bias ? "" : " bare")}",
            [OpInput.Normal(batch, inputs), .. States(lstm, batch, units), .. Weights(lstm, inputs, units, bias)],
            x =>
            {
                var weights = TensorWeights(x, lstm ? 3 : 2, 1, bias)[0];
                if (!lstm) return RecurrentCellOp<GruUnits>.Apply("gru", x[0], x[1], null, weights).Hidden;
                var (hidden, cell) = RecurrentCellOp<LstmUnits>.Apply("lstm", x[0], x[1], x[2], weights);
                return Join([hidden, cell!]);
            },
            x =>
            {
                // A cell is a layer over one step; its outputs are the last states.
                NdArray Sequence(NdArray array) => array.Reshape([1, .. array.Shape]);
                var outputs = RecurrentReference.Layer(
                    Sequence(x[0]), ReferenceWeights(x, lstm ? 3 : 2, 1, bias), Sequence(x[1]), lstm ? Sequence(x[2]) : null, null, lstm);
                return lstm ? Join(outputs[1..]) : outputs[1].Reshape(batch, units);
            })
        { Cancels = true, PlainUlps = StepUlps };

    private static OpCase Layer(string name, bool lstm, Setting s)
    {
        int[] state = [s.Directions, s.Batch, s.Units];
        int first = !s.State ? 1 : lstm ? 3 : 2;
        return new($"{name} layer {s}",
            [
                OpInput.Normal(s.Time, s.Batch, s.Inputs), .. s.State ? States(lstm, state) : [],
                .. Enumerable.Range(0, s.Directions).SelectMany(_ => Weights(lstm, s.Inputs, s.Units, s.Bias)),
            ],
            x =>
            {
                var weights = TensorWeights(x, first, s.Directions, s.Bias);
                var lengths = s.Lengths is null ? null : x[0].Device.Indices(s.Lengths);
                var output = lstm
                    ? RecurrentLayerOp<LstmUnits>.Apply("lstm", x[0], weights, s.State ? x[1] : null, s.State ? x[2] : null, lengths)
                    : RecurrentLayerOp<GruUnits>.Apply("gru", x[0], weights, s.State ? x[1] : null, null, lengths);
                return Join(lstm ? [output.Sequence, output.Hidden, output.Cell!] : [output.Sequence, output.Hidden]);
            },
            x => Join(RecurrentReference.Layer(
                x[0], ReferenceWeights(x, first, s.Directions, s.Bias), s.State ? x[1] : null, s.State && lstm ? x[2] : null, s.Lengths, lstm)))
        { Cancels = true, PlainUlps = StepUlps };
    }

    private static OpInput[] States(bool lstm, params int[] shape) => lstm ? [OpInput.Normal(shape), OpInput.Normal(shape)] : [OpInput.Normal(shape)];

    private static OpInput[] Weights(bool lstm, int inputs, int units, bool bias)
    {
        // Small enough to leave the gates between their ends, where their gradients vanish and a wrong one would not show.
        int rows = (lstm ? 4 : 3) * units;
        double bound = 2 / Math.Sqrt(units);
        OpInput[] weights = [OpInput.Uniform(-bound, bound, rows, inputs), OpInput.Uniform(-bound, bound, rows, units)];
        return bias ? [.. weights, OpInput.Uniform(-bound, bound, rows), OpInput.Uniform(-bound, bound, rows)] : weights;
    }

    private static RecurrentWeights[] TensorWeights(Tensor[] inputs, int first, int directions, bool bias) =>
        [.. Enumerable.Range(0, directions).Select(d => first + d * (bias ? 4 : 2)).Select(at =>
            new RecurrentWeights(inputs[at], inputs[at + 1], bias ? inputs[at + 2] : null, bias ? inputs[at + 3] : null))];

    private static RecurrentReferenceWeights[] ReferenceWeights(NdArray[] inputs, int first, int directions, bool bias) =>
        [.. Enumerable.Range(0, directions).Select(d => first + d * (bias ? 4 : 2)).Select(at =>
            new RecurrentReferenceWeights(inputs[at], inputs[at + 1], bias ? inputs[at + 2] : null, bias ? inputs[at + 3] : null))];

    private static Tensor Join(Tensor[] outputs) => Tensor.Concatenate(0, [.. outputs.Select(output => output.Reshape(output.Count))]);

    private static NdArray Join(NdArray[] outputs) => new([outputs.Sum(output => output.Length)], [.. outputs.SelectMany(output => output.Values)]);
}
