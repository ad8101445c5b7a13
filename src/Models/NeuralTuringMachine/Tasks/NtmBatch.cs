namespace GpuNets.Models;

/// <summary>Sequences of one batch, all padded to the longest.</summary>
/// <param name="Inputs">[Time, Size, task inputs], in row-major order.</param>
/// <param name="Targets">[Time, Size, task outputs]: 0 or 1.</param>
/// <param name="Mask">[Time, Size]: 1 where the output counts, else 0.</param>
/// <param name="Lengths">Steps of each sequence.</param>
public sealed record NtmBatch(float[] Inputs, float[] Targets, float[] Mask, int[] Lengths)
{
    /// <summary>Number of sequences.</summary>
    public int Size => Lengths.Length;

    /// <summary>Number of steps.</summary>
    public int Time => Mask.Length / Size;

    /// <summary>The first step whose output counts in some sequence.</summary>
    public int FirstCounting => Array.FindIndex(Mask, value => value != 0) is >= 0 and var at ? at / Size : Time;

    /// <summary>The inputs on a device: [Time, Size, task inputs].</summary>
    public Tensor InputsOn(Device device) => device.Tensor(Inputs, [Time, Size, Inputs.Length / Mask.Length]);

    /// <summary>
    /// Binary cross-entropy in nats, summed over all outputs that count and averaged over the sequences. Divide by ln 2 for bits per
    /// sequence.
    /// </summary>
    /// <param name="logits">[Time, Size, task outputs].</param>
    public Tensor Loss(Tensor logits)
    {
        int outputs = Targets.Length / Mask.Length, first = FirstCounting;
        if (logits.Shape != new Shape([Time, Size, outputs]))
            throw new ShapeException("NtmBatch.Loss", $"logits must be [{Time}, {Size}, {outputs}], got {logits.Shape}.");
        var device = logits.Device;
        var x = logits.Slice(0, first);
        var targets = device.Tensor(Targets.AsSpan(first * Size * outputs), x.Shape);
        float perSequence = 1f / Size;
        if (Mask.AsSpan(first * Size).IndexOf(0f) < 0) return x.BinaryCrossEntropyWithLogits(targets, LossReduction.Sum) * perSequence;
        var mask = device.Tensor(Mask.AsSpan(first * Size), [Time - first, Size, 1]);
        return ((x.Softplus() - x * targets) * mask).Sum() * perSequence;
    }

    /// <summary>Measures outputs.</summary>
    /// <param name="logits">[Time, Size, task outputs], in row-major order.</param>
    public NtmScore Score(ReadOnlySpan<float> logits)
    {
        if (logits.Length != Targets.Length)
            throw new ShapeException("NtmBatch.Score", $"{logits.Length} logits do not fit {Targets.Length} targets.");
        int outputs = Targets.Length / Mask.Length;
        var wrong = new int[Size];
        double nats = 0;
        for (int i = 0; i < logits.Length; i++)
        {
            int step = i / outputs;
            if (Mask[step] == 0) continue;
            double x = logits[i];
            nats += Math.Max(x, 0) - x * Targets[i] + Math.Log(1 + Math.Exp(-Math.Abs(x)));
            // A NaN is neither above nor below: it counts as wrong.
            if (!(Targets[i] > 0.5f ? x > 0 : x <= 0)) wrong[step % Size]++;
        }
        return new NtmScore(Size, nats / Math.Log(2) / Size, (double)wrong.Sum() / Size, (double)wrong.Count(errors => errors == 0) / Size);
    }
}
