using System.Collections.Immutable;

namespace GpuNets.Training;

/// <summary>What is known of the elements.</summary>
internal static class ElementTable
{
    private const string Symbols =
        "H He Li Be B C N O F Ne Na Mg Al Si P S Cl Ar K Ca Sc Ti V Cr Mn Fe Co Ni Cu Zn Ga Ge As Se Br Kr " +
        "Rb Sr Y Zr Nb Mo Tc Ru Rh Pd Ag Cd In Sn Sb Te I Xe Cs Ba La Ce Pr Nd Pm Sm Eu Gd Tb Dy Ho Er Tm Yb Lu " +
        "Hf Ta W Re Os Ir Pt Au Hg Tl Pb Bi Po At Rn Fr Ra Ac Th Pa U Np Pu Am Cm Bk Cf Es Fm Md No Lr " +
        "Rf Db Sg Bh Hs Mt Ds Rg Cn Nh Fl Mc Lv Ts Og";

    /// <summary>Hundredths of an Angstrom, from hydrogen to curium (Cordero et al., Dalton Trans. 2008, 2832; carbon sp3, low spin).</summary>
    private static readonly int[] _radii =
    [
        31, 28, 128, 96, 84, 76, 71, 66, 57, 58, 166, 141, 121, 111, 107, 105, 102, 106, 203, 176, 170, 160, 153, 139, 139, 132, 126, 124, 132,
        122, 122, 120, 119, 120, 120, 116, 220, 195, 190, 175, 164, 154, 147, 146, 142, 139, 145, 144, 142, 139, 139, 138, 139, 140, 244, 215, 207,
        204, 203, 201, 199, 198, 198, 196, 194, 192, 192, 189, 190, 187, 187, 175, 170, 162, 151, 144, 141, 136, 136, 132, 145, 146, 148, 140, 150,
        150, 260, 221, 215, 206, 200, 196, 190, 187, 180, 169,
    ];

    public static ImmutableArray<Element> Build() =>
        [.. Symbols.Split(' ').Select((symbol, i) => new Element(i + 1, symbol, Outer(i + 1), i < _radii.Length ? _radii[i] / 100.0 : 1.5, Valences(symbol)))];

    // Daylight's and OpenSMILES' organic subset, and the elements below in their groups.
    private static ImmutableArray<int> Valences(string symbol) => symbol switch
    {
        "H" or "F" => [1],
        "B" or "Al" => [3],
        "C" or "Si" or "Ge" => [4],
        "N" => [3, 5],
        "P" or "As" or "Sb" => [3, 5],
        "O" => [2],
        "S" or "Se" or "Te" => [2, 4, 6],
        "Cl" or "Br" => [1, 3, 5, 7],
        "I" or "At" => [1, 3, 5, 7],
        _ => [],
    };

    // Main groups only: 1, 2 and 13 to 18.
    private static int Outer(int number)
    {
        if (number <= 2) return number;
        foreach (int noble in (int[])[10, 18])
            if (number <= noble) return number - (noble - 8);
        foreach (var (start, noble) in ((int, int)[])[(18, 36), (36, 54), (54, 86), (86, 118)])
        {
            if (number > noble) continue;
            if (number <= start + 2) return number - start;
            return number > noble - 6 ? number - noble + 8 : 0;
        }
        return 0;
    }
}
