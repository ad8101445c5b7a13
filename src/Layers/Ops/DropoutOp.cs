namespace GpuNets;

/// <summary>y = x / (1 - p) with probability 1 - p, else 0; dx = dy under the same mask, which is computed again from its random numbers.</summary>
internal sealed class DropoutOp(Tensor x, Tensor y, Philox random, float probability) : SingleOp(y)
{
    public static Tensor Apply(Tensor x, float probability, RandomSource source)
    {
        if (!(probability is >= 0f and <= 1f))
            throw new ArgumentOutOfRangeException(nameof(probability), probability, "Dropout: the probability must lie in [0, 1].");
        if (Tape.Of(x.Device) is null || probability == 0f) return x;
        var random = source.Next();
        var y = Tensor.Empty(x.Device, x.Shape, "Dropout");
        Kernels.Dropout.Launch(x.Buffer, y.Buffer, random, probability);
        Recorder(x)?.Add(new DropoutOp(x, y, random, probability));
        return y;
    }

    protected override void Backward(Tape tape, DeviceBuffer dy)
    {
        var dx = tape.Fresh(x)!;
        Kernels.Dropout.Launch(dy, dx, random, probability);
        tape.Put(x, dx);
    }
}
