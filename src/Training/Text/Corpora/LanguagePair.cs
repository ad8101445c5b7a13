namespace GpuNets.Training;

/// <summary>Pairs of languages and the files of their sides.</summary>
internal static class LanguagePair
{
    /// <summary>Takes <c>de-en</c> apart.</summary>
    public static (string Source, string Target) Parse(string pair, string set, string[] languages)
    {
        ArgumentNullException.ThrowIfNull(pair);
        string[] sides = pair.Split('-');
        if (sides.Length != 2 || sides[0] == sides[1] || sides.Any(side => !languages.Contains(side)))
            throw new ArgumentException($"{set} has no pair {pair}; give two of {string.Join(", ", languages)} as in {languages[1]}-{languages[0]}.", nameof(pair));
        return (sides[0], sides[1]);
    }

    /// <summary>The file as it is or gzipped, whichever is there.</summary>
    public static string File(string path) => System.IO.File.Exists(path) || !System.IO.File.Exists(path + ".gz") ? path : path + ".gz";
}
