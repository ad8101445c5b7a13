namespace GpuNets.Training;

/// <summary>
/// Multi30k, task 1 (Elliott et al. 2016, 2017): captions of pictures in English, German and French, 29,000 for training, 1,014 for
/// validation, 1,000 for test (2016). Raw, or lower-cased, normalised and tokenised by its authors, with escapes such as <c>&amp;apos;</c>.
/// </summary>
public static class Multi30k
{
    private static readonly string[] _languages = ["en", "de", "fr"];

    /// <summary>Reads a split for a pair of languages.</summary>
    /// <param name="pair">From and to, such as <c>de-en</c>.</param>
    /// <param name="split">Which part.</param>
    /// <param name="tokenized">The authors' tokens in lower case instead of the raw text.</param>
    /// <param name="folder">Folder with <c>raw</c> and <c>tok</c>; a name is looked up by <see cref="DataFolder.Find"/>.</param>
    /// <exception cref="ArgumentException">The data set has no such pair.</exception>
    /// <exception cref="DirectoryNotFoundException">The folder is not there.</exception>
    /// <exception cref="DataFileException">A file is damaged.</exception>
    /// <exception cref="IOException">A file is not there or cannot be read.</exception>
    public static ParallelCorpus Load(string pair, CorpusSplit split, bool tokenized = false, string folder = "multi30k")
    {
        var (source, target) = LanguagePair.Parse(pair, "Multi30k", _languages);
        string stem = split switch
        {
            CorpusSplit.Train => "train",
            CorpusSplit.Validation => "val",
            CorpusSplit.Test => "test_2016_flickr",
            _ => throw new ArgumentOutOfRangeException(nameof(split), split, "Multi30k: unknown split."),
        };
        string start = Path.Combine(DataFolder.Find(folder), tokenized ? "tok" : "raw", tokenized ? stem + ".lc.norm.tok." : stem + ".");
        return ParallelCorpus.Read(LanguagePair.File(start + source), LanguagePair.File(start + target), source, target, $"multi30k {stem}");
    }
}
