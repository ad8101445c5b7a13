namespace GpuNets.Peers;

/// <summary>Sizes of a convolution of images, one step and dilation for both axes.</summary>
internal sealed record ConvSetting(int Batch, int In, int Out, int Height, int Width)
{
    public int Kernel { get; init; } = 3;
    public int Stride { get; init; } = 1;
    public int Padding { get; init; } = 1;
    public int Dilation { get; init; } = 1;
    public int Groups { get; init; } = 1;

    /// <summary>Weight [in, out / groups, ...], and the output is larger than the input.</summary>
    public bool Transposed { get; init; }

    /// <summary>A PixelCNN's mask of type B, folded into the weight by the peer.</summary>
    public bool Masked { get; init; }

    public int[] InputShape => [Batch, In, Height, Width];

    public int[] OutputShape => [Batch, Out, Length(Height), Length(Width)];

    public HostArray Input() => HostArray.Normal("input", 1, 1, InputShape);

    public HostArray OutputGradient() => HostArray.Normal("output gradient", 2, 1, OutputShape);

    public HostArray Weight()
    {
        float deviation = 1 / MathF.Sqrt(In / Groups * Kernel * Kernel);
        var weight = HostArray.Normal("weight", 3, deviation, [Transposed ? In : Out, (Transposed ? Out : In) / Groups, Kernel, Kernel]);
        for (int i = 0; Masked && i < weight.Values.Length; i++)
            if (i % (Kernel * Kernel) > Kernel * Kernel / 2) weight.Values[i] = 0;
        return weight;
    }

    public HostArray Bias() => HostArray.Normal("bias", 4, 1, Out);

    private int Length(int size) => Transposed
        ? (size - 1) * Stride - 2 * Padding + Dilation * (Kernel - 1) + 1
        : (size + 2 * Padding - Dilation * (Kernel - 1) - 1) / Stride + 1;
}
