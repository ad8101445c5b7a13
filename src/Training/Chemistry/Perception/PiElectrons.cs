namespace GpuNets.Training;

/// <summary>Electrons of atoms that are in no single bond.</summary>
internal static class PiElectrons
{
    /// <summary>
    /// Electrons that an atom can give to a pi system: those of its multiple bonds and lone pairs. -1 for atoms that take no part: univalent elements,
    /// metals, more than three neighbours.
    /// </summary>
    /// <param name="molecule">The molecule.</param>
    /// <param name="orders">Bond orders of a Kekule structure.</param>
    /// <param name="atom">Number of the atom.</param>
    public static int Of(Molecule molecule, int[] orders, int atom)
    {
        var (element, charge) = (molecule.Atoms[atom].Element, molecule.Atoms[atom].FormalCharge);
        if (element.Valences.IsEmpty || element.Valences[0] <= 1) return -1;
        int neighbours = molecule.Degree(atom) + molecule.Atoms[atom].ImplicitHydrogens;
        if (neighbours > 3) return -1;
        int lonePairs = Math.Max(0, element.OuterElectrons - element.Valences[0] - charge);
        int electrons = element.Valences[0] - neighbours + lonePairs - Unpaired(molecule, orders, atom);
        // Of a triple bond only one pair lies in the plane's pi system.
        return electrons > 1 && KekuleStructure.Sum(molecule, orders, atom) - neighbours > 1 ? 1 : electrons;
    }

    /// <summary>Unpaired electrons of radicals: what an atom lacks to its octet and has left after its bonds.</summary>
    public static int Unpaired(Molecule molecule, int[] orders, int atom)
    {
        var (element, charge) = (molecule.Atoms[atom].Element, molecule.Atoms[atom].FormalCharge);
        if (element.OuterElectrons == 0) return 0;
        int bonds = KekuleStructure.Sum(molecule, orders, atom);
        int missing = Math.Max(0, (element.Number <= 2 ? 2 : 8) - element.OuterElectrons - bonds + charge), left = element.OuterElectrons - bonds - charge;
        return left >= 0 ? Math.Min(missing, left) : missing;
    }
}
