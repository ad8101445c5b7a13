namespace GpuNets.Training;

/// <summary>White space as the tools of machine translation see it.</summary>
internal static class WhiteSpace
{
    /// <summary>The characters that end a word: white space of Unicode and the four separators of ASCII, as in Python.</summary>
    public static bool IsSpace(char c) => char.IsWhiteSpace(c) || c is >= '\u001c' and <= '\u001f';

    /// <summary>The words of a line; none of them is empty.</summary>
    public static string[] Split(string line)
    {
        List<string> words = [];
        int start = 0;
        for (int i = 0; i <= line.Length; i++)
        {
            if (i < line.Length && !IsSpace(line[i])) continue;
            if (i > start) words.Add(line[start..i]);
            start = i + 1;
        }
        return [.. words];
    }
}
