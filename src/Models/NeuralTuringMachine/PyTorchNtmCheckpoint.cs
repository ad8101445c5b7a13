using GpuNets.Training;

namespace GpuNets.Models;

/// <summary>Checkpoints of pytorch-ntm, saved as npz with the names of its state dict.</summary>
public static class PyTorchNtmCheckpoint
{
    /// <summary>Reads a checkpoint into a machine with the options <see cref="NtmOptions.PyTorchNtm"/> at the path <c>ntm</c>.</summary>
    /// <param name="device">Where the machine lives.</param>
    /// <param name="path">An npz file.</param>
    /// <exception cref="DataFileException">The file is damaged or lacks an array.</exception>
    /// <exception cref="StateDictException">Names or shapes do not fit.</exception>
    public static NeuralTuringMachine Load(Device device, string path)
    {
        using var file = new NpzFile(path);
        int[] memory = [.. file["ntm.memory.mem_bias"].Shape], input = [.. file["ntm.controller.lstm.weight_ih_l0"].Shape];
        int outputs = file["ntm.fc.bias"].Count, width = input[0] / 4;
        var options = NtmOptions.PyTorchNtm(input[1] - memory[1], outputs) with
        {
            MemoryRows = memory[0],
            MemoryColumns = memory[1],
            ControllerWidth = width,
        };
        var vars = new Vars(device);
        var machine = new NeuralTuringMachine(vars["ntm"], options);
        vars.Load(Convert(file.ToStateDict(), options));
        return machine;
    }

    /// <summary>Reverses the shift taps: pytorch-ntm's first one moves mass from row i to row i + 1, ours to row i - 1.</summary>
    private static StateDict Convert(StateDict source, NtmOptions options)
    {
        var state = new StateDict();
        int taps = options.MemoryColumns + 2, last = 2 * options.ShiftRange;
        foreach (var tensor in source)
        {
            float[] values = tensor.ToFloats();
            if (tensor.Name.Contains(".heads.", StringComparison.Ordinal))
            {
                int columns = tensor.Shape.Length == 1 ? 1 : (int)tensor.Shape[1];
                float[] rows = [.. values];
                for (int t = 0; t <= last; t++)
                    rows.AsSpan((taps + t) * columns, columns).CopyTo(values.AsSpan((taps + last - t) * columns));
            }
            long[] shape = tensor.Name.EndsWith("lstm_h_bias", StringComparison.Ordinal) || tensor.Name.EndsWith("lstm_c_bias", StringComparison.Ordinal)
                ? [tensor.Shape[0], 1, tensor.Shape[^1]]
                : [.. tensor.Shape];
            state.Add(StateTensor.From(tensor.Name, shape, values));
        }
        return state;
    }
}
