using System.Collections.Immutable;

namespace GpuNets.Training;

/// <summary>How many bonds an atom may have.</summary>
internal static class Valence
{
    private static readonly ImmutableArray<int> _none = [0];

    /// <summary>Valences of an element with a formal charge, rising; empty where any number of bonds is accepted.</summary>
    public static ImmutableArray<int> Of(Element element, int charge)
    {
        if (charge == 0 || element.Valences.IsEmpty) return element.Valences;
        if (element.Number == 1) return _none;
        // An ion has the valences of the neutral element with as many outer electrons.
        bool second = element.Number <= 10;
        return (element.OuterElectrons - charge) switch
        {
            1 => [1],
            2 => [2],
            3 => [3],
            4 => [4],
            5 => second ? [3] : [3, 5],
            6 => second ? [2] : [2, 4, 6],
            7 => second ? [1] : [1, 3, 5, 7],
            8 => second ? _none : [0, 2, 4, 6],
            _ => _none,
        };
    }

    /// <summary>The smallest valence that is enough for a number of bonds; the largest if none is.</summary>
    public static int For(ImmutableArray<int> valences, int bonds)
    {
        foreach (int valence in valences)
            if (valence >= bonds) return valence;
        return valences.IsEmpty ? bonds : valences[^1];
    }

    /// <summary>What is wrong with an atom's number of bonds; null if nothing.</summary>
    /// <param name="atom">The atom.</param>
    /// <param name="bonds">Sum of the orders of its bonds, implicit hydrogens included.</param>
    /// <param name="neighbours">Bonded atoms, implicit hydrogens included.</param>
    public static string? Problem(Atom atom, int bonds, int neighbours)
    {
        var valences = Of(atom.Element, atom.FormalCharge);
        if (valences.IsEmpty) return null;
        if (bonds > valences[^1])
            return $"{Name(atom)} has a valence of {bonds}, at most {valences[^1]} is possible";
        // Nitrogen of valence five is a way to write nitro groups, nitrones, diazo groups and N-oxides.
        if (atom is { Element.Number: 7, FormalCharge: 0 } && (bonds == 4 || (bonds == 5 && neighbours > 3)))
            return $"{Name(atom)} has a valence of {bonds} with {neighbours} neighbours, expected 3 (or 5 as in N(=O)=O)";
        return null;
    }

    /// <summary>An element with its charge.</summary>
    public static string Name(Atom atom)
    {
        string sign = atom.FormalCharge > 0 ? "+" : "-";
        return atom.FormalCharge switch
        {
            0 => atom.Element.Symbol,
            1 or -1 => atom.Element.Symbol + sign,
            _ => $"{atom.Element.Symbol}{sign}{Math.Abs((long)atom.FormalCharge)}",
        };
    }
}
