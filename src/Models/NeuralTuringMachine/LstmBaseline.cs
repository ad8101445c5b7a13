using GpuNets.Kernels;

namespace GpuNets.Models;

/// <summary>
/// The paper's LSTM baseline: three layers, each of which sees the input and the layer below; all layers go into the output; the first
/// states are learned. One bias per layer, no peepholes: 4h(i+h+1) + 8h(i+2h+1) + (3h+1)o + 6h parameters.
/// </summary>
public sealed class LstmBaseline : Module
{
    private const int Layers = 3;

    private readonly RecurrentWeights[] _layers;
    private readonly Parameter _hidden, _cells, _outputWeight, _outputBias;

    /// <summary>Makes the baseline's parameters: uniform in +-1 / sqrt(width), forget bias 1.</summary>
    /// <param name="vars">Where the parameters go.</param>
    /// <param name="inputs">Width of an input step.</param>
    /// <param name="width">Units of a layer.</param>
    /// <param name="outputs">Width of an output step.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1.</exception>
    public LstmBaseline(Vars vars, int inputs, int width, int outputs) : base(vars)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(inputs, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(outputs, 1);
        (Inputs, Width, Outputs) = (inputs, width, outputs);
        var uniform = Init.Uniform(1 / Math.Sqrt(width));
        _layers = [.. Enumerable.Range(0, Layers).Select(l => new RecurrentWeights(
            vars["layers"][l].Parameter("weight_ih", [4 * width, l == 0 ? inputs : inputs + width], uniform),
            vars["layers"][l].Parameter("weight_hh", [4 * width, width], uniform),
            vars["layers"][l].Parameter("bias", [4 * width], (values, _, _) => values[width..(2 * width)].Fill(1f)),
            null))];
        _hidden = vars.Parameter("h_bias", [Layers, 1, width], Init.Normal(0.05));
        _cells = vars.Parameter("c_bias", [Layers, 1, width], Init.Normal(0.05));
        _outputWeight = vars["output"].Parameter("weight", [outputs, Layers * width], Init.XavierUniform());
        _outputBias = vars["output"].Parameter("bias", [outputs], Init.Zeros);
    }

    /// <summary>Width of an input step.</summary>
    public int Inputs { get; }

    /// <summary>Units of a layer.</summary>
    public int Width { get; }

    /// <summary>Width of an output step.</summary>
    public int Outputs { get; }

    /// <summary>Runs sequences from the learned state.</summary>
    /// <param name="inputs">[time, batch, Inputs].</param>
    /// <returns>Logits: [time, batch, Outputs].</returns>
    /// <exception cref="ShapeException">The inputs have another shape.</exception>
    public Tensor Forward(Tensor inputs)
    {
        const string name = "LstmBaseline";
        if (inputs.Shape.Rank != 3 || inputs.Shape[2] != Inputs || inputs.Count == 0)
            throw new ShapeException(name, $"inputs must be [time, batch, {Inputs}] with at least one step and one sequence, got {inputs.Shape}.");
        int batch = inputs.Shape[1];
        var states = new Tensor[Layers];
        for (int l = 0; l < Layers; l++)
        {
            var x = l == 0 ? inputs : Tensor.Concatenate(2, inputs, states[l - 1]);
            states[l] = RecurrentLayerOp<LstmUnits>.Apply(name, x, [_layers[l]], First(_hidden, l, batch), First(_cells, l, batch), null).Sequence;
        }
        return Tensor.Concatenate(2, states).MatMul(_outputWeight, transposeOther: true, bias: _outputBias);
    }

    /// <inheritdoc/>
    protected override string Describe() => $"LstmBaseline({Inputs} -> {Layers} x {Width} -> {Outputs})";

    private static Tensor First(Tensor states, int layer, int batch)
    {
        var one = states.Slice(0, layer, layer + 1);   // [1, 1, width]
        return batch == 1 ? one : Tensor.Concatenate(1, [.. Enumerable.Repeat(one, batch)]);
    }
}
