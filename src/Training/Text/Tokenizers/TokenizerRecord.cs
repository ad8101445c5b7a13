namespace GpuNets.Training;

/// <summary>A tokenizer as its file holds it.</summary>
internal sealed record TokenizerRecord
{
    public int Format { get; init; } = TokenizerFile.CurrentFormat;

    public required string Kind { get; init; }

    public required TextOptions Text { get; init; }

    public string Fingerprint { get; init; } = "";

    /// <summary>Tokens from id 4 on.</summary>
    public required IReadOnlyList<string> Tokens { get; init; }

    /// <summary>Byte pairs by rank; null for words.</summary>
    public IReadOnlyList<string>? Merges { get; init; }
}
