using System.Text.RegularExpressions;

namespace GpuNets.Training;

/// <summary>Takes lines apart for BLEU.</summary>
internal static partial class BleuTokenizer
{
    public static string[] Split(string line, BleuTokenization tokenization) => tokenization switch
    {
        BleuTokenization.Mteval13a => WhiteSpace.Split(Mteval13a(line)),
        BleuTokenization.None => WhiteSpace.Split(line),
        BleuTokenization.Spaces => line.Trim().Split(' '),
        BleuTokenization.Compounds => WhiteSpace.Split(Compound().Replace(line, "$1 ##AT##-##AT## $2")),
        _ => throw new ArgumentOutOfRangeException(nameof(tokenization), tokenization, "Bleu: unknown tokenisation."),
    };

    // The rules of mteval-v13a for Western languages, as sacreBLEU's tokenizer "13a" has them.
    private static string Mteval13a(string line)
    {
        line = line.TrimEnd().Replace("<skipped>", "", StringComparison.Ordinal).Replace("-\n", "", StringComparison.Ordinal).Replace('\n', ' ');
        if (line.Contains('&', StringComparison.Ordinal))
        {
            line = line.Replace("&quot;", "\"", StringComparison.Ordinal).Replace("&amp;", "&", StringComparison.Ordinal)
                .Replace("&lt;", "<", StringComparison.Ordinal).Replace("&gt;", ">", StringComparison.Ordinal);
        }
        line = Marks().Replace($" {line} ", " $1 ");
        line = StopAfterText().Replace(line, "$1 $2 ");
        line = StopBeforeText().Replace(line, " $1 $2");
        return DashAfterDigit().Replace(line, "$1 $2 ");
    }

    [GeneratedRegex(@"([\{-\~\[-\` -\&\(-\+\:-\@\/])")]
    private static partial Regex Marks();

    [GeneratedRegex(@"([^0-9])([\.,])")]
    private static partial Regex StopAfterText();

    [GeneratedRegex(@"([\.,])([^0-9])")]
    private static partial Regex StopBeforeText();

    [GeneratedRegex(@"([0-9])(-)")]
    private static partial Regex DashAfterDigit();

    [GeneratedRegex(@"(\S)-(\S)")]
    private static partial Regex Compound();
}
