using System.Collections.Immutable;

namespace GpuNets.Training;

/// <summary>
/// Bonds of molecules that have coordinates only. Atoms are bonded if they are nearer than 1.2 times the sum of their covalent radii; then the kinds of
/// the bonds come from a SMILES, if its atoms can be matched, else from the valences.
/// </summary>
internal static class BondPerception
{
    /// <summary>
    /// Bonded up to this many times the sum of the radii. On the packed QM9 set bonds reach 1.19 times that sum; atoms without a bond come down to 1.16 (across
    /// cages), and drop out as they have all their neighbours nearer.
    /// </summary>
    private const double Reach = 1.2;

    /// <summary>Finds the bonds of a molecule.</summary>
    /// <param name="atoms">The molecule's atoms; its bonds do not matter.</param>
    /// <param name="smiles">SMILES of the same molecule to take the kinds of the bonds from; may be empty.</param>
    /// <param name="gdbSmiles">Another to try after it.</param>
    /// <exception cref="MoleculeException">Valences cannot be filled up.</exception>
    public static (Molecule Molecule, XyzBonds Bonds) Of(Molecule atoms, string smiles = "", string gdbSmiles = "")
    {
        var skeleton = Skeleton(atoms);
        foreach (var (text, source) in ((string, XyzBonds)[])[(smiles, XyzBonds.Smiles), (gdbSmiles, XyzBonds.GdbSmiles)])
        {
            if (text.Length > 0 && SmilesMatch.Apply(skeleton, SmilesReader.Parse(text)) is { } matched) return (matched, source);
        }
        return (BondOrders.Fill(skeleton).Standardize(), XyzBonds.Perceived);
    }

    /// <summary>The molecule with single bonds between near atoms.</summary>
    internal static Molecule Skeleton(Molecule molecule)
    {
        var near = NearPairs(molecule);
        int[] degrees = new int[molecule.Atoms.Length];
        var bonds = ImmutableArray.CreateBuilder<Bond>();
        // Shortest (relative to the radii) first, so that an atom that would have too many bonds drops its longest.
        foreach (var (i, j, _) in near.OrderBy(pair => pair.Stretch))
        {
            if (degrees[i] >= MostNeighbours(molecule.Atoms[i]) || degrees[j] >= MostNeighbours(molecule.Atoms[j])) continue;
            degrees[i]++;
            degrees[j]++;
            bonds.Add(new Bond(i, j, BondKind.Single));
        }
        bonds.Sort((a, b) => a.First != b.First ? a.First.CompareTo(b.First) : a.Second.CompareTo(b.Second));
        return new Molecule(molecule.Atoms, bonds.ToImmutable(), molecule.Name);
    }

    private static int MostNeighbours(Atom atom) => atom.Element.Number switch
    {
        1 => 1,
        7 => 4,
        8 => 3,
        5 => 4,
        _ => atom.Element.Valences.IsEmpty ? 12 : atom.Element.Valences[^1],
    };

    private static List<(int I, int J, double Stretch)> NearPairs(Molecule molecule)
    {
        var atoms = molecule.Atoms;
        var pairs = new List<(int, int, double)>();
        // Sorted along x, only atoms within the longest possible bond are compared.
        int[] order = [.. Enumerable.Range(0, atoms.Length).OrderBy(i => atoms[i].Position!.Value.X)];
        double longest = 2 * Reach * atoms.Max(atom => atom.Element.CovalentRadius);
        for (int a = 0; a < order.Length; a++)
        {
            var p = atoms[order[a]].Position!.Value;
            for (int b = a + 1; b < order.Length; b++)
            {
                var q = atoms[order[b]].Position!.Value;
                double x = (double)q.X - p.X, y = (double)q.Y - p.Y, z = (double)q.Z - p.Z;
                if (x > longest) break;
                double sum = atoms[order[a]].Element.CovalentRadius + atoms[order[b]].Element.CovalentRadius, distance = Math.Sqrt(x * x + y * y + z * z);
                if (distance < 0.1) throw molecule.Error($"atoms {Math.Min(order[a], order[b]) + 1} and {Math.Max(order[a], order[b]) + 1} lie {distance:0.###} Angstrom apart");
                if (distance <= Reach * sum) pairs.Add((Math.Min(order[a], order[b]), Math.Max(order[a], order[b]), distance / sum));
            }
        }
        return pairs;
    }
}
