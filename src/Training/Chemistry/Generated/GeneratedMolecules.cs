using System.Numerics;

namespace GpuNets.Training;

/// <summary>
/// Random small molecules with a target that only their geometry tells, for experiments without data. A tree of 3 or 4 heavy atoms (carbon 65 %, nitrogen
/// and oxygen 15 % each, fluorine 5 %; C=C, C=N and C=O in a quarter of the places where they fit), hydrogens that fill up the valences, standard bond
/// lengths in random directions, atoms that are not bonded at least 1.5 Angstrom apart. The target has the meaning of QM9's electronic spatial extent.
/// </summary>
public static class GeneratedMolecules
{
    /// <summary>Least distance in Angstrom of atoms that are not bonded.</summary>
    public const double LeastDistance = 1.5;

    private const double DoubleBonds = 0.25;
    private const int DirectionsPerAtom = 200;
    private const int Attempts = 1000;

    /// <summary>The molecules of a data set from a number on: which one has a number depends on the seed alone.</summary>
    /// <param name="count">How many.</param>
    /// <param name="seed">Seed of the data set.</param>
    /// <param name="first">Number of the first.</param>
    public static IReadOnlyList<GeneratedMolecule> Generate(int count, ulong seed, int first = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        var molecules = new GeneratedMolecule[count];
        for (int i = 0; i < count; i++) molecules[i] = Generate(seed, checked(first + i));
        return molecules;
    }

    /// <summary>The target of a molecule with coordinates and without implicit hydrogens: sum of Z |r - c|^2 in Angstrom^2.</summary>
    /// <param name="molecule">The molecule.</param>
    /// <exception cref="MoleculeException">It has no coordinates, or implicit hydrogens.</exception>
    public static double R2(Molecule molecule)
    {
        ArgumentNullException.ThrowIfNull(molecule);
        if (!molecule.HasPositions || molecule.Atoms.Any(atom => atom.ImplicitHydrogens > 0))
            throw molecule.Error("R2 needs coordinates of all atoms, hydrogens included");
        double charge = 0, x = 0, y = 0, z = 0, squares = 0;
        foreach (var atom in molecule.Atoms)
        {
            double weight = atom.Element.Number;
            var p = atom.Position!.Value;
            charge += weight;
            x += weight * p.X;
            y += weight * p.Y;
            z += weight * p.Z;
        }
        foreach (var atom in molecule.Atoms)
        {
            var p = atom.Position!.Value;
            double dx = p.X - x / charge, dy = p.Y - y / charge, dz = p.Z - z / charge;
            squares += atom.Element.Number * (dx * dx + dy * dy + dz * dz);
        }
        return squares;
    }

    private static GeneratedMolecule Generate(ulong seed, int index)
    {
        var random = new Philox(seed).Fork($"molecule {index}");
        uint draw = 0;
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            var tree = new MoleculeTree();
            if (!tree.Grow(random, ref draw, 3 + random.Below(draw++, 2), DoubleBonds)) continue;
            if (Place(tree, random, ref draw) is not { } positions) continue;
            var molecule = new Molecule(
                [.. tree.Elements.Select((element, i) => new Atom(element) { Position = positions[i] })],
                [.. tree.Bonds], $"generated {index}");
            return new GeneratedMolecule(molecule, R2(molecule));
        }
        throw new InvalidOperationException($"GeneratedMolecules: {Attempts} attempts gave no molecule {index} of seed {seed}.");
    }

    // Atoms follow their parents, so each is placed around one that has a place.
    private static Vector3[]? Place(MoleculeTree tree, Philox random, ref uint draw)
    {
        var positions = new Vector3[tree.Elements.Count];
        for (int i = 1; i < positions.Length; i++)
        {
            var bond = tree.Bonds[i - 1];
            float length = (float)BondLengths.Of(tree.Elements[bond.First], tree.Elements[i], bond.Kind);
            bool found = false;
            for (int k = 0; k < DirectionsPerAtom && !found; k++)
            {
                positions[i] = positions[bond.First] + length * Direction(random, ref draw);
                found = true;
                for (int j = 0; j < i && found; j++) found = j == bond.First || Vector3.Distance(positions[i], positions[j]) > LeastDistance;
            }
            if (!found) return null;
        }
        return positions;
    }

    private static Vector3 Direction(Philox random, ref uint draw)
    {
        double z = 2.0 * random.Uniform(draw++) - 1, angle = 2 * Math.PI * random.Uniform(draw++), radius = Math.Sqrt(Math.Max(0, 1 - z * z));
        return new Vector3((float)(radius * Math.Cos(angle)), (float)(radius * Math.Sin(angle)), (float)z);
    }
}
