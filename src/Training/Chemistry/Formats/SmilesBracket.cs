namespace GpuNets.Training;

/// <summary>An atom in brackets: isotope, symbol, stereo mark, hydrogens, charge, class.</summary>
internal static class SmilesBracket
{
    /// <summary>Largest charge that OpenSMILES knows.</summary>
    private const int MostCharge = 15;

    /// <summary>Reads it, from its bracket on.</summary>
    /// <exception cref="MoleculeException">It is no atom; the message names the position.</exception>
    public static SmilesAtom Read(string text, ref int at)
    {
        int start = at++;
        int isotope = Number(text, ref at, 3);
        var (element, aromatic) = Symbol(text, ref at);
        SkipStereo(text, ref at);
        int hydrogens = 0, charge = 0;
        if (at < text.Length && text[at] == 'H')
        {
            at++;
            hydrogens = at < text.Length && char.IsAsciiDigit(text[at]) ? text[at++] - '0' : 1;
            if (element.Number == 1 && hydrogens > 0) throw Error("a hydrogen in brackets has no hydrogens of its own", start);
        }
        if (at < text.Length && text[at] is '+' or '-') charge = Charge(text, ref at);
        if (at < text.Length && text[at] == ':')
        {
            at++;
            if (at >= text.Length || !char.IsAsciiDigit(text[at])) throw Error("an atom class needs a number", at);
            Number(text, ref at, 9);
        }
        if (at >= text.Length) throw Error("the bracket is never closed", start);
        if (text[at] != ']') throw Error($"'{text[at]}' does not belong here, expected ']'", at);
        at++;
        return new SmilesAtom(element, start) { IsAromatic = aromatic, Isotope = isotope, Hydrogens = hydrogens, Charge = charge };
    }

    /// <summary>An error at a position, counted from 1.</summary>
    public static MoleculeException Error(string problem, int position) => new(null, null, $"{problem}, at position {position + 1}");

    private static int Number(string text, ref int at, int digits)
    {
        int number = 0, start = at;
        while (at < text.Length && char.IsAsciiDigit(text[at]))
        {
            if (at - start == digits) throw Error($"a number of more than {digits} digits", start);
            number = 10 * number + text[at++] - '0';
        }
        return number;
    }

    private static (Element Element, bool Aromatic) Symbol(string text, ref int at)
    {
        int start = at;
        if (at >= text.Length) throw Error("the bracket is never closed", start - 1);
        if (text[at] == '*') throw Error("wildcard atoms are not read", at);
        foreach (string symbol in (string[])["se", "as", "te", "si"])
        {
            if (string.CompareOrdinal(text, at, symbol, 0, 2) != 0) continue;
            at += 2;
            _ = Element.TryFind(char.ToUpperInvariant(symbol[0]) + symbol[1..], out var two);
            return (two!, true);
        }
        if (text[at] is 'b' or 'c' or 'n' or 'o' or 'p' or 's')
        {
            _ = Element.TryFind(char.ToUpperInvariant(text[at++]).ToString(), out var one);
            return (one!, true);
        }
        for (int length = Math.Min(2, text.Length - at); length > 0; length--)
        {
            if (!Element.TryFind(text.Substring(at, length), out var element)) continue;
            at += length;
            return (element, false);
        }
        int end = at;
        while (end < text.Length && end - at < 3 && char.IsAsciiLetter(text[end])) end++;
        throw Error(end == at ? $"'{text[at]}' is no element" : $"unknown element '{text[at..end]}'", start);
    }

    // @, @@, @TH1, @AL2, @SP3, @TB20, @OH30
    private static void SkipStereo(string text, ref int at)
    {
        if (at >= text.Length || text[at] != '@') return;
        int start = at++;
        if (at < text.Length && text[at] == '@')
        {
            at++;
            return;
        }
        if (at + 1 >= text.Length || text.Substring(at, 2) is not ("TH" or "AL" or "SP" or "TB" or "OH")) return;
        if (at + 2 >= text.Length || !char.IsAsciiDigit(text[at + 2]))
        {
            // @OH... cannot be told from @ and hydrogens otherwise; O is no hydrogen count, so it needs its number.
            throw Error("a class of stereo centre needs a number", start);
        }
        at += 2;
        Number(text, ref at, 2);
    }

    private static int Charge(string text, ref int at)
    {
        int start = at;
        char sign = text[at++];
        int size = 1;
        if (at < text.Length && char.IsAsciiDigit(text[at])) size = Number(text, ref at, 2);
        else
        {
            while (at < text.Length && text[at] == sign)
            {
                size++;
                at++;
            }
        }
        return size <= MostCharge ? sign == '+' ? size : -size : throw Error($"a charge of {sign}{size} is beyond {MostCharge}", start);
    }
}
