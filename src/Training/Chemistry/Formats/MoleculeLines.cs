using System.Globalization;

namespace GpuNets.Training;

/// <summary>The lines of a file of molecules with the place where reading stands.</summary>
internal sealed class MoleculeLines(string file, IReadOnlyList<string> lines)
{
    /// <summary>The file.</summary>
    public string File { get; } = file;

    /// <summary>Index of the next line.</summary>
    public int At { get; private set; }

    /// <summary>True if there are no more lines.</summary>
    public bool Ended => At >= lines.Count;

    /// <summary>The next line; it stays the next.</summary>
    public string Peek => lines[At];

    /// <summary>True if no line with text is left.</summary>
    public bool OnlyEmptyLeft
    {
        get
        {
            for (int i = At; i < lines.Count; i++)
                if (!string.IsNullOrWhiteSpace(lines[i])) return false;
            return true;
        }
    }

    /// <summary>Splits a text into lines.</summary>
    public static MoleculeLines Of(string text, string source)
    {
        string[] parts = text.Split('\n');
        // A line feed at the end begins no further line.
        int count = parts.Length > 0 && parts[^1].Length == 0 ? parts.Length - 1 : parts.Length;
        for (int i = 0; i < count; i++)
            if (parts[i].EndsWith('\r')) parts[i] = parts[i][..^1];
        return new MoleculeLines(source, new ArraySegment<string>(parts, 0, count));
    }

    /// <summary>Takes the next line.</summary>
    /// <param name="expected">What should be there, for the message.</param>
    /// <exception cref="MoleculeException">The file has ended.</exception>
    public string Take(string expected) => Ended
        ? throw new MoleculeException(File, lines.Count + 1, $"the file ends where {expected} should be")
        : lines[At++];

    /// <summary>Takes lines that are empty.</summary>
    public void SkipEmpty()
    {
        while (!Ended && string.IsNullOrWhiteSpace(Peek)) At++;
    }

    /// <summary>An error in the line that was taken last.</summary>
    public MoleculeException Error(string problem, Exception? inner = null) => new(File, Math.Max(1, At), problem, inner);

    /// <summary>An error in a line, counted from 1.</summary>
    public MoleculeException ErrorAt(int line, string problem, Exception? inner = null) => new(File, line, problem, inner);

    /// <summary>A finite number of the line that was taken last; Mathematica's <c>*^</c> stands for an exponent.</summary>
    /// <param name="text">The digits.</param>
    /// <param name="what">What it is, for the message.</param>
    /// <exception cref="MoleculeException">It is none.</exception>
    public double Number(ReadOnlySpan<char> text, string what)
    {
        var digits = text.Trim();
        string? exponent = digits.Contains("*^", StringComparison.Ordinal) ? digits.ToString().Replace("*^", "e", StringComparison.Ordinal) : null;
        if (!double.TryParse(exponent ?? digits, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) || !double.IsFinite(value))
            throw Error($"{what} is '{Short(text)}', expected a finite number");
        return value;
    }

    /// <summary>An integer of the line that was taken last.</summary>
    /// <param name="text">The digits.</param>
    /// <param name="what">What it is, for the message.</param>
    /// <param name="blank">The value of an empty field; null if it must not be empty.</param>
    /// <exception cref="MoleculeException">It is none.</exception>
    public int Integer(ReadOnlySpan<char> text, string what, int? blank = null)
    {
        var digits = text.Trim();
        if (digits.IsEmpty && blank is { } value) return value;
        return int.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number)
            ? number
            : throw Error($"{what} is '{Short(text)}', expected an integer");
    }

    /// <summary>The element with a symbol, capitals or not, of the line that was taken last.</summary>
    /// <exception cref="MoleculeException">There is none.</exception>
    public Element ElementOf(string symbol)
    {
        string text = symbol.Trim();
        if (text.Length is 1 or 2 && Element.TryFind(char.ToUpperInvariant(text[0]) + text[1..].ToLowerInvariant(), out var element)) return element;
        throw Error($"unknown element '{Short(symbol)}'");
    }

    /// <summary>A text for a message, cut where it is long.</summary>
    public static string Short(ReadOnlySpan<char> text) => text.Trim() is var trimmed && trimmed.Length <= 40 ? trimmed.ToString() : $"{trimmed[..37]}...";
}
