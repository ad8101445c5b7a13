namespace GpuNets.Training;

/// <summary>
/// Single and double bonds of aromatic systems. Every aromatic atom that has a valence left beside its single bonds needs exactly one double bond
/// within its system: a perfect matching of these atoms.
/// </summary>
internal static class KekuleStructure
{
    /// <summary>Bond orders, 1 to 3, and a check of all valences.</summary>
    /// <exception cref="MoleculeException">There is no such structure, or a valence is exceeded.</exception>
    public static int[] OrdersOf(Molecule molecule)
    {
        int[] orders = new int[molecule.Bonds.Length];
        bool aromatic = false;
        for (int b = 0; b < orders.Length; b++)
        {
            var kind = molecule.Bonds[b].Kind;
            aromatic |= kind == BondKind.Aromatic;
            orders[b] = kind == BondKind.Aromatic ? 1 : (int)kind;
        }
        if (aromatic) PlaceDoubleBonds(molecule, orders);
        for (int i = 0; i < molecule.Atoms.Length; i++)
        {
            int bonds = Sum(molecule, orders, i);
            if (Valence.Problem(molecule.Atoms[i], bonds, molecule.Degree(i) + molecule.Atoms[i].ImplicitHydrogens) is { } problem)
                throw molecule.Error($"atom {i + 1}: {problem}");
        }
        return orders;
    }

    /// <summary>Orders of an atom's bonds, implicit hydrogens included.</summary>
    public static int Sum(Molecule molecule, int[] orders, int atom)
    {
        int sum = molecule.Atoms[atom].ImplicitHydrogens;
        foreach (int b in molecule.BondsOf(atom)) sum += orders[b];
        return sum;
    }

    private static void PlaceDoubleBonds(Molecule molecule, int[] orders)
    {
        bool[] needs = new bool[molecule.Atoms.Length];
        for (int i = 0; i < needs.Length; i++) needs[i] = NeedsDoubleBond(molecule, orders, i);
        int[] partners = PerfectMatching.Find(molecule, needs);
        for (int b = 0; b < orders.Length; b++)
        {
            var (first, second, kind) = molecule.Bonds[b];
            if (kind == BondKind.Aromatic && partners[first] == second) orders[b] = 2;
        }
        for (int i = 0; i < needs.Length; i++)
        {
            if (needs[i] && partners[i] < 0)
                throw molecule.Error(
                    $"atom {i + 1} ({Valence.Name(molecule.Atoms[i])}): its aromatic system has no Kekule structure; a hydrogen or a charge may be missing");
        }
    }

    private static bool NeedsDoubleBond(Molecule molecule, int[] orders, int atom)
    {
        bool aromatic = false;
        foreach (int b in molecule.BondsOf(atom)) aromatic |= molecule.Bonds[b].Kind == BondKind.Aromatic;
        if (!aromatic) return false;
        int bonds = Sum(molecule, orders, atom);
        var valences = Valence.Of(molecule.Atoms[atom].Element, molecule.Atoms[atom].FormalCharge);
        return !valences.IsEmpty && Valence.For(valences, bonds) > bonds;
    }
}
