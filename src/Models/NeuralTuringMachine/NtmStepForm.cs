using GpuNets.Kernels;

namespace GpuNets.Models;

/// <summary>
/// A Neural Turing Machine as operations, step by step: controller cell, head layers, addressing, reads and writes each have their own
/// launches. Gives the numbers of the persistent form and shows how to build machines of other makes from its parts.
/// </summary>
internal sealed class NtmStepForm
{
    private readonly NtmSizes _z;
    private readonly NtmTensors _p;
    private readonly Tensor[] _hidden, _cells, _reads, _weightings;
    private Tensor _memory;

    private NtmStepForm(NtmSizes sizes, NtmTensors tensors, int batch)
    {
        (_z, _p) = (sizes, tensors);
        Tensor Shared(Tensor tensor, int index, int count, int width) =>
            Repeat(tensor.Reshape(count, width).Slice(0, index, index + 1), batch);
        bool lstm = sizes.Lstm != 0;
        _hidden = lstm ? [.. Enumerable.Range(0, sizes.Layers).Select(l => Shared(tensors.FirstHidden, l, sizes.Layers, sizes.Width))] : new Tensor[sizes.Layers];
        _cells = lstm ? [.. Enumerable.Range(0, sizes.Layers).Select(l => Shared(tensors.FirstCells!, l, sizes.Layers, sizes.Width))] : [];
        _reads = [.. Enumerable.Range(0, sizes.Reads).Select(r => Shared(tensors.FirstReads, r, sizes.Reads, sizes.Columns))];
        _weightings = [.. Enumerable.Range(0, sizes.Heads).Select(h => Shared(tensors.FirstWeights, h, sizes.Heads, sizes.Rows))];
        _memory = Repeat(tensors.FirstMemory.Reshape(sizes.Rows, sizes.Columns).Transpose().Unsqueeze(0), batch);
    }

    /// <summary>Logits [T, B, Outputs] from inputs [T, B, Inputs].</summary>
    public static Tensor Run(NtmSizes sizes, NtmTensors tensors, Tensor inputs)
    {
        if (inputs.Shape.Rank != 3 || inputs.Shape[2] != sizes.Inputs || inputs.Count == 0)
            throw new ShapeException("NeuralTuringMachine", $"inputs must be [time, batch, {sizes.Inputs}] with at least one step and one sequence, got {inputs.Shape}.");
        var machine = new NtmStepForm(sizes, tensors, inputs.Shape[1]);
        return Tensor.Stack(0, [.. inputs.Unstack().Select(machine.Step)]);
    }

    private Tensor Step(Tensor x)                                                       // [B, Inputs]
    {
        Tensor h = Controller(Tensor.Concatenate(1, [x, .. _reads]));                   // [B, C]
        var pending = new List<(Tensor Weights, Tensor Act)>();
        int written = 0;
        for (int turn = 0; turn < _z.Heads; turn++)
        {
            int head = _z.HeadAt(turn);
            bool writes = head >= _z.Reads;
            var raw = h.MatMul(_p.Heads[head].Weight, transposeOther: true, bias: _p.Heads[head].Bias);
            var (weights, act) = NtmAddressOp.Apply(_z, writes, raw, _weightings[head], _memory);
            _weightings[head] = weights;
            if (writes) pending.Add((weights, act));
            else _reads[head] = NtmReadOp.Apply(_z, weights, _memory);
            for (int due = _z.WrittenAfter(turn + 1); written < due;)
            {
                int count = _z.ErasesFirst != 0 ? _z.Writes : 1;
                var now = pending[written..(written + count)];
                _memory = count == 1
                    ? NtmWriteOp.Apply(_z, now[0].Weights, now[0].Act, _memory)
                    : NtmWriteOp.Apply(
                        _z, Tensor.Concatenate(1, [.. now.Select(n => n.Weights)]), Tensor.Concatenate(1, [.. now.Select(n => n.Act)]), _memory);
                written += count;
            }
        }
        return Tensor.Concatenate(1, [h, .. _reads]).MatMul(_p.Output.Weight, transposeOther: true, bias: _p.Output.Bias);
    }

    private Tensor Controller(Tensor input)
    {
        for (int layer = 0; layer < _z.Layers; layer++)
        {
            var (weight, bias, recurrent, recurrentBias) = _p.Layers[layer];
            if (_z.Lstm != 0)
            {
                (input, var cell) = RecurrentCellOp<LstmUnits>.Apply(
                    "NeuralTuringMachine", input, _hidden[layer], _cells[layer], new RecurrentWeights(weight, recurrent!, bias, recurrentBias));
                (_hidden[layer], _cells[layer]) = (input, cell!);
            }
            else
            {
                var activation = _z.LayerActivation == NtmActivation.Relu ? Activation.Relu : Activation.Tanh;
                input = input.MatMul(weight, transposeOther: true, bias: bias, activation: activation);
            }
        }
        return input;
    }

    private static Tensor Repeat(Tensor one, int batch) => batch == 1 ? one : Tensor.Concatenate(0, [.. Enumerable.Repeat(one, batch)]);
}
