namespace GpuNets.Reference;

/// <summary>A Neural Turing Machine in the words of the paper.</summary>
public sealed record NtmReferenceOptions
{
    public int Inputs { get; init; } = 3;
    public int Outputs { get; init; } = 2;
    public int Width { get; init; } = 5;
    public int Layers { get; init; } = 1;
    public bool Lstm { get; init; } = true;
    public int Reads { get; init; } = 1;
    public int Writes { get; init; } = 1;
    public int Rows { get; init; } = 6;
    public int Columns { get; init; } = 4;
    public int Shift { get; init; } = 1;
    public bool ErasesFirst { get; init; }

    /// <summary>The order of heads in a step: r0, r1, ... are read heads, w0, w1, ... write heads; | lets all pending writes happen.</summary>
    public IReadOnlyList<string> Turns { get; init; } = ["r0", "w0", "|"];

    public NtmReferenceActivation Layer { get; init; } = NtmReferenceActivation.Tanh;
    public NtmReferenceActivation Key { get; init; } = NtmReferenceActivation.Tanh;
    public NtmReferenceActivation Beta { get; init; } = NtmReferenceActivation.Softplus;

    /// <summary>f of gamma = 1 + f(x).</summary>
    public NtmReferenceActivation Gamma { get; init; } = NtmReferenceActivation.Softplus;
    public NtmReferenceActivation ShiftLogits { get; init; }
    public NtmReferenceActivation Erase { get; init; } = NtmReferenceActivation.Sigmoid;
    public NtmReferenceActivation Add { get; init; } = NtmReferenceActivation.Tanh;
    public bool ContentOnly { get; init; }
    public bool Sharpen { get; init; } = true;

    /// <summary>Cosine = dot / max(|k| |m|, epsilon) instead of dot / (|k| |m| + epsilon).</summary>
    public bool CosineFloor { get; init; }
    public double CosineEpsilon { get; init; } = 1e-8;
    public double CosineShift { get; init; }
    public double Clip { get; init; } = double.PositiveInfinity;

    public int AddressWidth => Columns + 1 + (ContentOnly ? 0 : 1 + 2 * Shift + 1 + (Sharpen ? 1 : 0));
    public int WriteWidth => AddressWidth + 2 * Columns;
}
