namespace GpuNets.Training;

/// <summary>A stretch of characters inside a word or at its end.</summary>
/// <param name="Text">The characters.</param>
/// <param name="Ends">Whether the word ends with it.</param>
internal readonly record struct BpeSymbol(string Text, bool Ends)
{
    /// <summary>What follows a token that the word goes on after.</summary>
    public const string Continued = "@@";

    /// <summary>What follows the last symbol of a word in files of merges.</summary>
    public const string EndOfWord = "</w>";

    /// <summary>As the vocabulary has it. No symbol at the end of a word reads like another inside: see <see cref="Merge"/>.</summary>
    public string Token => Ends ? Text : Text + Continued;

    /// <summary>As files of merges have it.</summary>
    public string Code => Ends ? Text + EndOfWord : Text;

    /// <summary>What the two become; null where a word's end would read like a token that goes on.</summary>
    public static BpeSymbol? Merge(BpeSymbol left, BpeSymbol right)
    {
        string text = left.Text + right.Text;
        return right.Ends && text.EndsWith(Continued, StringComparison.Ordinal) ? null : new BpeSymbol(text, right.Ends);
    }

    public static BpeSymbol FromToken(string token) => token.Length > Continued.Length && token.EndsWith(Continued, StringComparison.Ordinal)
        ? new(token[..^Continued.Length], false)
        : new(token, true);

    public static BpeSymbol FromCode(string code) => code.Length > EndOfWord.Length && code.EndsWith(EndOfWord, StringComparison.Ordinal)
        ? new(code[..^EndOfWord.Length], true)
        : new(code, false);
}
