using GpuNets.Kernels;

namespace GpuNets;

/// <summary>
/// Products between a layer's inputs, its weights and its gates, as single matrix products over all rows (all steps of a sequence).
/// Gates are [rows, 4, units]; see <see cref="IRecurrentCell"/> for which blocks belong to which part of a weight.
/// </summary>
internal static class RecurrentProducts<TCell> where TCell : struct, IRecurrentCell
{
    /// <summary>Fills the gates with x W_ih^T + b_ih, and with zero where only the hidden values contribute.</summary>
    public static void WeightInputs(DeviceBuffer x, RecurrentWeights weights, DeviceBuffer gates, int rows)
    {
        int units = weights.Units, features = weights.Input.Shape[1];
        int filled = 0;
        foreach (var blocks in TCell.InputBlocks)
        {
            filled += blocks.Count;
            Gemm.Run(
                x, weights.Input.Buffer, gates,
                new GemmSize(rows, blocks.Count * units, features, transposeB: true)
                {
                    LeadingC = 4 * units,
                    OffsetB = blocks.Weight * units * features,
                    OffsetC = blocks.Gate * units,
                },
                weights.InputBias?.Buffer.Slice(blocks.Weight * units, blocks.Count * units));
        }
        // A product without terms writes zeros: the last blocks wait for the product with the hidden values.
        if (filled < 4)
            Gemm.Run(x, weights.Input.Buffer, gates, new GemmSize(rows, (4 - filled) * units, 0) { LeadingC = 4 * units, OffsetC = filled * units });
    }

    /// <summary>Adds the gradients of x, of W_ih and of both biases, given those of the weighted inputs.</summary>
    public static void InputGradients(Tape tape, Tensor x, RecurrentWeights weights, DeviceBuffer gates, int rows)
    {
        int units = weights.Units, features = weights.Input.Shape[1];
        var dx = tape.Target(x, out bool accumulateX);
        var dWeight = tape.Target(weights.Input, out bool accumulateWeight);
        foreach (var blocks in TCell.InputBlocks)
        {
            int width = blocks.Count * units, weight = blocks.Weight * units * features;
            if (dx is not null)
                Gemm.Run(
                    gates, weights.Input.Buffer, dx,
                    new GemmSize(rows, features, width) { LeadingA = 4 * units, OffsetA = blocks.Gate * units, OffsetB = weight },
                    accumulate: accumulateX);
            if (dWeight is not null)
                Gemm.Run(
                    gates, x.Buffer, dWeight,
                    new GemmSize(width, features, rows, transposeA: true) { LeadingA = 4 * units, OffsetA = blocks.Gate * units, OffsetC = weight },
                    accumulate: accumulateWeight);
            accumulateX = true;   // the next blocks add to what these wrote
        }
        BiasGradients(tape, weights, gates, rows);
    }

    /// <summary>Adds the gradient of W_hh, given the hidden values before each row's step.</summary>
    public static void HiddenGradient(Tape tape, RecurrentWeights weights, DeviceBuffer gates, DeviceBuffer hidden, int offset, int rows)
    {
        if (tape.Target(weights.Hidden, out bool accumulate) is not { } gradient) return;
        int units = weights.Units;
        Gemm.Run(
            gates, hidden, gradient,
            new GemmSize(TCell.WeightBlocks * units, units, rows, transposeA: true)
            {
                LeadingA = 4 * units,
                OffsetA = TCell.FirstHiddenBlock * units,
                OffsetB = offset,
            },
            accumulate: accumulate);
    }

    private static void BiasGradients(Tape tape, RecurrentWeights weights, DeviceBuffer gates, int rows)
    {
        if (weights.InputBias is not { RequiresGradient: true } && weights.HiddenBias is not { RequiresGradient: true }) return;
        int units = weights.Units;
        // Both biases take their gradients from the same sums.
        var sums = gates.Device.AllocateTemporary(4 * units, "gradient of recurrent biases");
        ColumnSums.Run(gates, rows, 4 * units, sums, accumulate: false);
        if (weights.InputBias is { } inputBias && tape.Target(inputBias, out bool accumulate) is { } dInput)
            foreach (var blocks in TCell.InputBlocks)
                Add(sums, blocks.Gate * units, dInput, blocks.Weight * units, blocks.Count * units, accumulate);
        if (weights.HiddenBias is { } hiddenBias && tape.Target(hiddenBias, out accumulate) is { } dHidden)
            Add(sums, TCell.FirstHiddenBlock * units, dHidden, 0, TCell.WeightBlocks * units, accumulate);
    }

    private static void Add(DeviceBuffer source, int from, DeviceBuffer target, int to, int length, bool accumulate)
    {
        var (values, sum) = (source.Slice(from, length), target.Slice(to, length));
        if (accumulate) AddInPlace.Launch(values, sum);
        else values.Device.Copy(values, sum);
    }
}
