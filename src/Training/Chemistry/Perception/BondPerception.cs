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

    /// <summary>Atoms nearer than this, in Angstrom, are an error in the file.</summary>
    private const double Nearest = 0.1;

    /// <summary>Atoms in a cube as wide as the longest possible bond (3.6 Angstrom of carbon: diamond has 9); more are no molecule.</summary>
    private const int MostPerCell = 200;

    /// <summary>Finds the bonds of a molecule.</summary>
    /// <param name="atoms">The molecule's atoms; its bonds do not matter.</param>
    /// <param name="smiles">SMILES of the same molecule to take the kinds of the bonds from; may be empty.</param>
    /// <param name="gdbSmiles">Another to try after it.</param>
    /// <exception cref="MoleculeException">A text is no SMILES, or valences cannot be filled up.</exception>
    public static (Molecule Molecule, XyzBonds Bonds) Of(Molecule atoms, string smiles = "", string gdbSmiles = "")
    {
        var skeleton = Skeleton(atoms);
        foreach (var (text, source) in ((string, XyzBonds)[])[(smiles, XyzBonds.Smiles), (gdbSmiles, XyzBonds.GdbSmiles)])
        {
            if (text.Length == 0 || SmilesReader.ParseIfValid(text) is not { } pattern) continue;
            if (SmilesMatch.Apply(skeleton, pattern) is { } matched) return (matched, source);
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
        // A grid of cells as wide as the longest possible bond: only atoms of neighbouring cells are compared.
        double width = 2 * Reach * atoms.Max(atom => atom.Element.CovalentRadius);
        var cells = new Dictionary<(int X, int Y, int Z), List<int>>();
        for (int i = 0; i < atoms.Length; i++)
        {
            var p = atoms[i].Position!.Value;
            var (x, y, z) = ((int)Math.Floor(p.X / width), (int)Math.Floor(p.Y / width), (int)Math.Floor(p.Z / width));
            for (int cell = 0; cell < 27; cell++)
            {
                if (!cells.TryGetValue((x + cell / 9 - 1, y + cell / 3 % 3 - 1, z + cell % 3 - 1), out var others)) continue;
                foreach (int j in others)
                    if (Stretch(molecule, j, i) is <= Reach and var stretch) pairs.Add((j, i, stretch));
            }
            if (!cells.TryGetValue((x, y, z), out var own)) cells[(x, y, z)] = own = [];
            if (own.Count == MostPerCell) throw molecule.Error($"more than {MostPerCell} atoms lie within {width:0.#} Angstrom of each other, near atom {i + 1}");
            own.Add(i);
        }
        return pairs;
    }

    private static double Stretch(Molecule molecule, int first, int second)
    {
        var (a, b) = (molecule.Atoms[first], molecule.Atoms[second]);
        double distance = (a.Position!.Value - b.Position!.Value).Length();
        return distance >= Nearest
            ? distance / (a.Element.CovalentRadius + b.Element.CovalentRadius)
            : throw molecule.Error($"atoms {first + 1} and {second + 1} lie {distance:0.###} Angstrom apart");
    }
}
