namespace GpuNets.Training;

/// <summary>
/// A small part of WMT English-German: 10,000 pairs for training, newstest2013 (3,000 pairs) for validation and the filtered newstest2014
/// (2,737 pairs) for test, in Moses tokens with escapes such as <c>&amp;apos;</c>. Scores of models trained on so little are not comparable
/// with published ones.
/// </summary>
public static class WmtEnglishGerman
{
    private static readonly string[] _languages = ["en", "de"];

    /// <summary>Reads a split.</summary>
    /// <param name="split">Which part.</param>
    /// <param name="pair">From and to: <c>en-de</c> or <c>de-en</c>.</param>
    /// <param name="folder">The folder of the files; a name is looked up by <see cref="DataFolder.Find"/>.</param>
    /// <exception cref="ArgumentException">The data set has no such pair.</exception>
    /// <exception cref="DirectoryNotFoundException">The folder is not there.</exception>
    /// <exception cref="DataFileException">A file is damaged.</exception>
    /// <exception cref="IOException">A file is not there or cannot be read.</exception>
    public static ParallelCorpus Load(CorpusSplit split, string pair = "en-de", string folder = "wmt_ende")
    {
        var (source, target) = LanguagePair.Parse(pair, "WMT English-German", _languages);
        string stem = split switch
        {
            CorpusSplit.Train => "train10k",
            CorpusSplit.Validation => "newstest2013",
            CorpusSplit.Test => "newstest2014",
            _ => throw new ArgumentOutOfRangeException(nameof(split), split, "WMT English-German: unknown split."),
        };
        string start = Path.Combine(DataFolder.Find(folder), stem + ".tok.");
        return ParallelCorpus.Read(LanguagePair.File(start + source), LanguagePair.File(start + target), source, target, $"wmt {stem}");
    }
}
