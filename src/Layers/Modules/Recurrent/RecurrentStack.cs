using GpuNets.Kernels;

namespace GpuNets;

/// <summary>Recurrent layers on top of each other, in one or two directions each: what <see cref="Lstm"/> and <see cref="Gru"/> share.</summary>
internal sealed class RecurrentStack<TCell> where TCell : struct, IRecurrentCell
{
    private readonly string _name;
    private readonly int _directions;
    private readonly float _dropout;
    private readonly RandomSource _random;
    private readonly RecurrentWeights[][] _layers;   // [layer][direction]

    public RecurrentStack(string name, Vars vars, int inputs, RecurrentParameters parameters, int layers, bool bidirectional, float dropout)
    {
        RecurrentParameters.Check(name, inputs, parameters.Units, parameters.Bias, parameters.FixedBias);
        if (layers < 1) throw new ArgumentOutOfRangeException(nameof(layers), layers, $"{name}: expected at least 1 layer.");
        if (!(dropout is >= 0f and < 1f)) throw new ArgumentOutOfRangeException(nameof(dropout), dropout, $"{name}: the dropout must lie in [0, 1).");
        (_name, _directions, _dropout, _random) = (name, bidirectional ? 2 : 1, dropout, vars.Random);
        _layers = new RecurrentWeights[layers][];
        for (int layer = 0; layer < layers; layer++)
        {
            _layers[layer] = new RecurrentWeights[_directions];
            for (int d = 0; d < _directions; d++)
                _layers[layer][d] = parameters.Create(vars, $"_l{layer}{(d == 1 ? "_reverse" : "")}", layer == 0 ? inputs : _directions * parameters.Units);
        }
    }

    public RecurrentOutput Forward(Tensor x, Tensor? hidden, Tensor? cell, IndexTensor? lengths)
    {
        CheckState("hidden", x, hidden);
        CheckState("cell", x, cell);
        var (hiddens, cells) = (PerLayer(hidden), PerLayer(cell));
        var outputs = new RecurrentOutput[_layers.Length];
        for (int layer = 0; layer < outputs.Length; layer++)
        {
            if (layer > 0 && _dropout > 0) x = x.Dropout(_dropout, _random);
            outputs[layer] = RecurrentLayerOp<TCell>.Apply(_name, x, _layers[layer], hiddens?[layer], cells?[layer], lengths);
            x = outputs[layer].Sequence;
        }
        if (outputs.Length == 1) return outputs[0];
        return new RecurrentOutput(
            x, Tensor.Concatenate(0, [.. outputs.Select(output => output.Hidden)]),
            TCell.HasCell ? Tensor.Concatenate(0, [.. outputs.Select(output => output.Cell!)]) : null);
    }

    private Tensor[]? PerLayer(Tensor? state) =>
        state is null ? null : _layers.Length == 1 ? [state] : state.Split(0, [.. _layers.Select(layer => layer.Length)]);

    private void CheckState(string what, Tensor x, Tensor? state)
    {
        if (state is null || x.Shape.Rank != 3) return;   // the operation itself refuses such an input
        Shape expected = (_layers.Length * _directions, x.Shape[1], _layers[0][0].Units);
        if (state.Shape != expected)
            throw new ShapeException(_name, $"the {what} state has shape {state.Shape}, expected {expected} ([layers * directions, batch, units]) for input {x.Shape}.");
    }
}
