namespace GpuNets.Training;

/// <summary>
/// Files of trees in the brackets of the Penn Treebank (Marcus et al. 1993), any number of trees in a file, each on one line or many, plain or gzipped. Reading
/// makes every tree one under <see cref="SyntaxTree.Top"/>: an outermost bracket without a label or with TOP, ROOT or S1 becomes it, any other gets it. Traces
/// (-NONE-) go, and with them what has nothing else in it; functions and indices go from labels (NP of NP-SBJ=1), not from tags. Words lose their escapes: -LRB-
/// and the like become brackets, <c>\/</c> and <c>\*</c> lose their backslash.
/// </summary>
public static class Treebank
{
    /// <summary>Reads the trees of a file. A tree of traces alone is left out.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="DataFileException">
    /// Brackets do not pair, a label or tag is missing, or a constituent is empty; the message names file, line and what was wrong. Or gzip or UTF-8 is damaged.
    /// </exception>
    /// <exception cref="IOException">The file is not there or cannot be read.</exception>
    public static IReadOnlyList<SyntaxTree> Read(string path) => BracketReader.Read(path, TextFile.ReadLines(path));

    /// <summary>Reads the trees of a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="name">What it is called in messages.</param>
    /// <exception cref="DataFileException">As for <see cref="Read"/>.</exception>
    public static IReadOnlyList<SyntaxTree> Parse(string text, string name = "text")
    {
        ArgumentNullException.ThrowIfNull(text);
        return BracketReader.Read(name, text.Split('\n'));
    }

    /// <summary>The words of a line of plain text, as the leaves of trees have them: what stands between white space, without escapes.</summary>
    /// <param name="line">Words as the Penn Treebank takes them apart: punctuation and endings such as <c>'s</c> and <c>n't</c> stand alone.</param>
    public static IReadOnlyList<string> Words(string line)
    {
        ArgumentNullException.ThrowIfNull(line);
        return [.. WhiteSpace.Split(line).Select(BracketText.Unescape)];
    }

    /// <summary>Writes trees to a file, one a line.</summary>
    /// <param name="path">The file.</param>
    /// <param name="trees">The trees.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(string path, IEnumerable<SyntaxTree> trees) => AtomicFile.WriteText(path, string.Concat(trees.Select(tree => $"{tree}\n")));
}
