namespace GpuNets.Training;

/// <summary>How lines become words, before any vocabulary.</summary>
public sealed record TextOptions
{
    /// <summary>
    /// Null: words stand between white space already, and are printed so. A code such as <c>en</c>, <c>de</c> or <c>fr</c>: raw text, which a
    /// <see cref="WordSplitter"/> takes apart and puts together again; text that was split before stays as it is.
    /// </summary>
    public string? Language { get; init; }

    /// <summary>Use lower case only.</summary>
    public bool LowerCase { get; init; }

    /// <summary>Escapes of the Moses tools, such as <c>&amp;apos;</c>, stand for characters.</summary>
    public bool Unescape { get; init; }

    /// <summary>Quotation marks, dashes and the like become those of ASCII: see <see cref="WordSplitter.NormalizePunctuation"/>.</summary>
    public bool NormalizePunctuation { get; init; }
}
