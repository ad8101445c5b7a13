namespace GpuNets.Training;

/// <summary>Energies of free atoms at the level of theory of QM9 (its file atomref.txt), in eV.</summary>
public static class AtomicReferences
{
    private static readonly int[] _numbers = [1, 6, 7, 8, 9];

    private static readonly Dictionary<Qm9Target, double[]> _hartree = new()
    {
        [Qm9Target.U0] = [-0.500273, -37.846772, -54.583861, -75.064579, -99.718730],
        [Qm9Target.U] = [-0.498857, -37.845355, -54.582445, -75.063163, -99.717314],
        [Qm9Target.H] = [-0.497912, -37.844411, -54.581501, -75.062219, -99.716370],
        [Qm9Target.G] = [-0.510927, -37.861317, -54.598897, -75.079532, -99.733544],
    };

    /// <summary>The energy of a free atom in eV.</summary>
    /// <param name="target">U0, U, H or G.</param>
    /// <param name="element">Hydrogen, carbon, nitrogen, oxygen or fluorine.</param>
    /// <exception cref="ArgumentException">There is no reference for the target or the element.</exception>
    public static double Of(Qm9Target target, Element element)
    {
        ArgumentNullException.ThrowIfNull(element);
        if (!_hartree.TryGetValue(target, out double[]? energies))
            throw new ArgumentException($"AtomicReferences: {target} is no energy relative to atoms; U0, U, H and G are.", nameof(target));
        int place = Array.IndexOf(_numbers, element.Number);
        return place >= 0
            ? energies[place] * Qm9TargetInfo.ElectronvoltsPerHartree
            : throw new ArgumentException($"AtomicReferences: there is no reference for {element}, only for H, C, N, O and F.", nameof(element));
    }

    /// <summary>The energies of all free atoms of a molecule, implicit hydrogens included, in eV.</summary>
    /// <param name="target">U0, U, H or G.</param>
    /// <param name="molecule">The molecule.</param>
    /// <exception cref="MoleculeException">An element has no reference.</exception>
    public static double Of(Qm9Target target, Molecule molecule)
    {
        ArgumentNullException.ThrowIfNull(molecule);
        double sum = 0;
        for (int i = 0; i < molecule.Atoms.Length; i++)
        {
            var atom = molecule.Atoms[i];
            if (Array.IndexOf(_numbers, atom.Element.Number) < 0)
                throw molecule.Error($"atom {i + 1} is {atom.Element}, which has no reference energy; H, C, N, O and F have");
            sum += Of(target, atom.Element) + atom.ImplicitHydrogens * Of(target, Element.Hydrogen);
        }
        return sum;
    }
}
