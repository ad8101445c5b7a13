namespace GpuNets.Reference;

/// <summary>A Neural Turing Machine in the words of the paper; activations are functions.</summary>
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
    public required IReadOnlyList<string> Turns { get; init; }

    public Func<ReferenceValue, ReferenceValue> Layer { get; init; } = x => x.Tanh();
    public Func<ReferenceValue, ReferenceValue> Key { get; init; } = x => x.Tanh();
    public Func<ReferenceValue, ReferenceValue> Beta { get; init; } = x => x.Softplus();
    public Func<ReferenceValue, ReferenceValue> Gamma { get; init; } = x => x.Softplus() + 1;
    public Func<ReferenceValue, ReferenceValue> ShiftLogits { get; init; } = x => x;
    public Func<ReferenceValue, ReferenceValue> Erase { get; init; } = x => x.Sigmoid();
    public Func<ReferenceValue, ReferenceValue> Add { get; init; } = x => x.Tanh();
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
