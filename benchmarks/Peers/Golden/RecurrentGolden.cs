using GpuNets;
using TorchSharp.Modules;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace TorchPeers;

/// <summary>
/// Writes what nn.LSTM and nn.GRU give for small inputs, with gradients, as files that the tests compare with:
/// <c>GpuNets.Peers --golden tests/GpuNets.Tests/Recurrent/Golden</c>. Two layers, two directions, sequences of lengths 5, 3 and 1.
/// </summary>
internal static class RecurrentGolden
{
    private const int Time = 5, Batch = 3, Inputs = 3, Units = 4, Layers = 2;

    public static void Write(string folder)
    {
        manual_seed(20);
        using (var lstm = nn.LSTM(Inputs, Units, numLayers: Layers, bidirectional: true))
        {
            Write(Path.Combine(folder, "lstm.safetensors"), lstm, cell: true, (packed, hidden, cell) =>
            {
                var (output, lastHidden, lastCell) = lstm.call(packed, (hidden, cell!));
                return (output, lastHidden, lastCell);
            });
        }
        using (var gru = nn.GRU(Inputs, Units, numLayers: Layers, bidirectional: true))
        {
            Write(Path.Combine(folder, "gru.safetensors"), gru, cell: false, (packed, hidden, _) =>
            {
                var (output, lastHidden) = gru.call(packed, hidden);
                return (output, lastHidden, null);
            });
        }
    }

    private static void Write(
        string path, nn.Module layer, bool cell,
        Func<nn.utils.rnn.PackedSequence, Tensor, Tensor?, (nn.utils.rnn.PackedSequence Output, Tensor Hidden, Tensor? Cell)> run)
    {
        using var scope = NewDisposeScope();
        var state = new StateDict();
        void Keep(string name, Tensor? values)
        {
            if (values is not null) state.Add(StateTensor.From(name, values.shape, values.detach().contiguous().data<float>().ToArray()));
        }
        int[] lengths = [5, 3, 1];
        state.Add(StateTensor.From("lengths", [Batch], lengths));
        var input = randn(Time, Batch, Inputs, requires_grad: true);
        var hidden = randn(2 * Layers, Batch, Units, requires_grad: true);
        var first = cell ? randn(2 * Layers, Batch, Units, requires_grad: true) : null;
        var packed = nn.utils.rnn.pack_padded_sequence(input, tensor(lengths.Select(length => (long)length).ToArray()));
        var (packedOutput, lastHidden, lastCell) = run(packed, hidden, first);
        var (output, _) = nn.utils.rnn.pad_packed_sequence(packedOutput);
        Tensor outputGradient = randn_like(output), hiddenGradient = randn_like(lastHidden);
        var cellGradient = lastCell is null ? null : randn_like(lastCell);
        var loss = (output * outputGradient).sum() + (lastHidden * hiddenGradient).sum();
        if (lastCell is not null) loss += (lastCell * cellGradient!).sum();
        loss.backward();

        foreach (var (name, values) in new (string, Tensor?)[] { ("input", input), ("hidden", hidden), ("cell", first) })
        {
            Keep(name, values);
            Keep(name + ".gradient", values?.grad);
        }
        foreach (var (name, parameter) in layer.named_parameters())
        {
            Keep(name, parameter);
            Keep(name + ".gradient", parameter.grad);
        }
        foreach (var (name, values, gradient) in new (string, Tensor?, Tensor?)[]
            { ("output", output, outputGradient), ("last_hidden", lastHidden, hiddenGradient), ("last_cell", lastCell, cellGradient) })
        {
            Keep(name, values);
            Keep(name + ".weight", gradient);
        }
        state.Metadata["made_by"] = $"libtorch {__version__}";
        state.Save(path);
    }
}
