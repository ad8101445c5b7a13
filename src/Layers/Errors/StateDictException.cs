namespace GpuNets;

/// <summary>
/// Saved state that cannot be used: a damaged file, or names and shapes that do not fit the model. The message names the
/// file, the tensor where one is concerned, and everything that was wrong; nothing has been loaded when it is thrown.
/// </summary>
public sealed class StateDictException : StateException
{
    private const int MostNamesShown = 20;

    /// <summary>Reports a file (or a tensor in it) that cannot be read.</summary>
    /// <param name="source">The file, or a word for state that never was in a file.</param>
    /// <param name="tensor">The tensor concerned, or null when the whole file is.</param>
    /// <param name="problem">What came and what was expected.</param>
    /// <param name="inner">The error underneath, if any.</param>
    public StateDictException(string source, string? tensor, string problem, Exception? inner = null)
        : base($"{source}: {(tensor is null ? "" : $"tensor {Quote(tensor)}: ")}{problem}", inner)
    {
        File = source;
        Tensor = tensor;
    }

    /// <summary>Reports state whose names or shapes differ from what the model has.</summary>
    /// <param name="source">The file, or a word for state that never was in a file.</param>
    /// <param name="missing">Names the model has and the state lacks.</param>
    /// <param name="unexpected">Names the state has and the model lacks.</param>
    /// <param name="mismatched">One sentence for each name whose shape or type differs.</param>
    public StateDictException(
        string source, IReadOnlyList<string> missing, IReadOnlyList<string> unexpected, IReadOnlyList<string> mismatched)
        : base($"{source} does not fit the model.{List("missing", missing, quote: true)}" +
            $"{List("unexpected", unexpected, quote: true)}{List("mismatched", mismatched, quote: false)}")
    {
        File = source;
        Missing = missing;
        Unexpected = unexpected;
        Mismatched = mismatched;
    }

    /// <summary>The file, or a word for state that never was in a file.</summary>
    public string File { get; }

    /// <summary>The tensor concerned; null when the whole file is, or several tensors are.</summary>
    public string? Tensor { get; }

    /// <summary>Names the model has and the state lacks.</summary>
    public IReadOnlyList<string> Missing { get; } = [];

    /// <summary>Names the state has and the model lacks.</summary>
    public IReadOnlyList<string> Unexpected { get; } = [];

    /// <summary>One sentence for each name whose shape or type differs.</summary>
    public IReadOnlyList<string> Mismatched { get; } = [];

    /// <summary>A name fit for a message: quoted, control characters replaced, cut when a damaged file made it huge.</summary>
    internal static string Quote(string name)
    {
        const int longest = 120;
        string shown = name.Length > longest ? name[..longest] + "..." : name;
        return $"\"{string.Concat(shown.Select(c => char.IsControl(c) || char.IsSurrogate(c) ? '?' : c))}\"";
    }

    private static string List(string word, IReadOnlyList<string> names, bool quote)
    {
        if (names.Count == 0) return "";
        string more = names.Count > MostNamesShown ? $", and {names.Count - MostNamesShown} more" : "";
        return $" {word} ({names.Count}): {string.Join(", ", names.Take(MostNamesShown).Select(n => quote ? Quote(n) : n))}{more}.";
    }
}
