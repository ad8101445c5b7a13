using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;

namespace GpuNets.Training;

/// <summary>The text before an array's data: <c>{'descr': '&lt;f4', 'fortran_order': False, 'shape': (2, 3), }</c>.</summary>
internal sealed partial record NpyHeader(NpyType Type, ImmutableArray<int> Shape)
{
    /// <summary>More dimensions than NumPy allows.</summary>
    private const int MaxRank = 64;

    /// <summary>Bytes of data that follow.</summary>
    public long Bytes => Shape.Aggregate((long)NpyArray.SizeOf(Type), (bytes, size) => checked(bytes * size));

    /// <summary>Reads the header's text.</summary>
    /// <exception cref="FormatException">The text is no header, or describes an array of a kind that is not read.</exception>
    public static NpyHeader Parse(string text)
    {
        var match = Pattern().Match(text);
        if (!match.Success) throw new FormatException($"no array header: {text.Trim()[..Math.Min(80, text.Trim().Length)]}");
        if (match.Groups["fortran"].Value == "True") throw new FormatException("the array is in Fortran order, only C order is read");
        string descr = match.Groups["descr"].Value;
        NpyType type = descr switch
        {
            "<f4" => NpyType.F4,
            "<f8" => NpyType.F8,
            "|i1" => NpyType.I1,
            "<i4" => NpyType.I4,
            "<i8" => NpyType.I8,
            "|u1" => NpyType.U1,
            "|b1" => NpyType.B1,
            _ => throw new FormatException($"elements of type '{descr}' are not read; f4, f8, i1, i4, i8, u1 and b1 are, little endian"),
        };
        string[] sizes = match.Groups["shape"].Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (sizes.Length > MaxRank) throw new FormatException($"{sizes.Length} dimensions, at most {MaxRank} are read");
        var shape = ImmutableArray.CreateBuilder<int>(sizes.Length);
        foreach (string size in sizes)
            shape.Add(int.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
                ? number
                : throw new FormatException($"the size {size} is beyond {int.MaxValue}"));
        var header = new NpyHeader(type, shape.ToImmutable());
        try
        {
            if (header.Bytes > Array.MaxLength) throw new FormatException($"the array has {header.Bytes} bytes, at most {Array.MaxLength} are read");
        }
        catch (OverflowException e)
        {
            throw new FormatException($"the shape ({match.Groups["shape"].Value}) overflows the size of a file", e);
        }
        return header;
    }

    // NumPy writes the keys sorted; the format promises nothing else.
    [GeneratedRegex(@"^\{'descr': '(?<descr>[^']{1,16})', 'fortran_order': (?<fortran>True|False), 'shape': \((?<shape>[0-9, ]*)\), \}[ ]*\n?$",
        RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Pattern();
}
