using System.Collections.Immutable;
using System.Numerics;
using GpuNets.Training;

namespace GpuNets.Models;

/// <summary>
/// Random small molecules whose target depends on geometry: trees of 3 or 4 heavy atoms (C .65, N .15, O .15, F .05; double bonds with
/// probability .25 where both ends can), filled with hydrogens and placed at usual bond lengths in random directions, with more than 1.5 Angstrom
/// between atoms that are not bonded. The target is R2 = sum of Z_i |r_i - r_c|^2 around the charge-weighted centre r_c, what QM9's target of this
/// name means.
/// </summary>
public static class GeneratedMolecules
{
    private const double Nearest = 1.5;
    private const int Tries = 60;

    private static readonly (int Number, int Valence, double Share)[] s_heavy = [(6, 4, 0.65), (7, 3, 0.15), (8, 2, 0.15), (9, 1, 0.05)];

    // Angstrom; single bonds, then double.
    private static readonly Dictionary<(int, int, int), double> s_lengths = new()
    {
        [(6, 6, 1)] = 1.54,
        [(6, 7, 1)] = 1.47,
        [(6, 8, 1)] = 1.43,
        [(6, 9, 1)] = 1.35,
        [(7, 7, 1)] = 1.45,
        [(7, 8, 1)] = 1.40,
        [(7, 9, 1)] = 1.36,
        [(8, 8, 1)] = 1.48,
        [(8, 9, 1)] = 1.42,
        [(1, 6, 1)] = 1.09,
        [(1, 7, 1)] = 1.01,
        [(1, 8, 1)] = 0.96,
        [(6, 6, 2)] = 1.34,
        [(6, 7, 2)] = 1.28,
        [(6, 8, 2)] = 1.21,
    };

    /// <summary>Makes molecules; each depends on the seed, the purpose and its number alone.</summary>
    /// <param name="count">How many.</param>
    /// <param name="seed">Seed.</param>
    /// <param name="purpose">What they are for: train, test.</param>
    public static IReadOnlyList<Molecule> Make(int count, ulong seed, string purpose)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        var random = new Philox(seed).Fork($"generated molecules {purpose}");
        var molecules = new Molecule[count];
        Parallel.For(0, count, i => molecules[i] = One(new Philox(random.Seed, (uint)i), $"{purpose} {i}"));
        return molecules;
    }

    /// <summary>R2 in Angstrom^2: sum of Z_i |r_i - r_c|^2.</summary>
    /// <param name="molecule">A molecule with coordinates, hydrogens as atoms.</param>
    public static double R2(Molecule molecule)
    {
        ArgumentNullException.ThrowIfNull(molecule);
        double x = 0, y = 0, z = 0, charge = 0, sum = 0;
        foreach (var atom in molecule.Atoms)
        {
            var (weight, at) = (atom.Element.Number, atom.Position!.Value);
            (x, y, z, charge) = (x + weight * at.X, y + weight * at.Y, z + weight * at.Z, charge + weight);
        }
        (x, y, z) = (x / charge, y / charge, z / charge);
        foreach (var atom in molecule.Atoms)
        {
            var at = atom.Position!.Value;
            sum += atom.Element.Number * ((at.X - x) * (at.X - x) + (at.Y - y) * (at.Y - y) + (at.Z - z) * (at.Z - z));
        }
        return sum;
    }

    private static Molecule One(Philox random, string name)
    {
        uint draw = 0;
        while (true)
        {
            var growth = new Growth();
            if (Skeleton(random, ref draw, growth) && Place(random, ref draw, growth)) return growth.Molecule(name);
        }
    }

    private static bool Skeleton(Philox random, ref uint draw, Growth growth)
    {
        int count = 3 + random.Below(draw++, 2);
        for (int i = 0; i < count; i++)
        {
            var (number, valence) = Heavy(random.Uniform(draw++));
            if (i == 0)
            {
                growth.Add(number, valence, -1, 1);
                continue;
            }
            int[] open = [.. Enumerable.Range(0, i).Where(a => growth.Free[a] > 0)];
            if (open.Length == 0) return false;
            int parent = open[random.Below(draw++, open.Length)];
            bool twice = growth.Free[parent] > 1 && valence > 1 && s_lengths.ContainsKey(Key(growth.Numbers[parent], number, 2)) && random.Uniform(draw++) < 0.25;
            // Fluorine ends where it starts: the rarest pair of all, F2, has no length here.
            if (!s_lengths.ContainsKey(Key(growth.Numbers[parent], number, 1))) return false;
            growth.Add(number, valence, parent, twice ? 2 : 1);
        }
        for (int i = 0; i < count; i++)
        {
            // What is left open at fluorine too: HF is no part of a tree of three.
            while (growth.Free[i] > 0)
            {
                if (!s_lengths.ContainsKey(Key(growth.Numbers[i], 1, 1))) return false;
                growth.Add(1, 1, i, 1);
            }
        }
        return true;
    }

    private static bool Place(Philox random, ref uint draw, Growth growth)
    {
        var places = growth.Places;
        places.Add(Vector3.Zero);
        for (int i = 1; i < growth.Numbers.Count; i++)
        {
            int parent = growth.Parents[i];
            double length = s_lengths[Key(growth.Numbers[parent], growth.Numbers[i], growth.Orders[i])];
            bool found = false;
            for (int attempt = 0; attempt < Tries && !found; attempt++)
            {
                double height = 2 * random.Uniform(draw++) - 1.0, angle = 2 * Math.PI * random.Uniform(draw++), radius = Math.Sqrt(1 - height * height);
                var at = places[parent] + (float)length * new Vector3((float)(radius * Math.Cos(angle)), (float)(radius * Math.Sin(angle)), (float)height);
                found = true;
                for (int other = 0; other < i && found; other++) found = other == parent || Vector3.Distance(at, places[other]) > Nearest;
                if (found) places.Add(at);
            }
            if (!found) return false;
        }
        return true;
    }

    private static (int Number, int Valence) Heavy(double share)
    {
        foreach (var (number, valence, part) in s_heavy)
        {
            if (share < part) return (number, valence);
            share -= part;
        }
        return (6, 4);
    }

    private static (int, int, int) Key(int a, int b, int order) => (Math.Min(a, b), Math.Max(a, b), order);

    /// <summary>Atoms of a molecule that grows; each but the first is bonded to an earlier one.</summary>
    private sealed class Growth
    {
        public List<int> Numbers { get; } = [];

        public List<int> Free { get; } = [];

        public List<int> Parents { get; } = [];

        public List<int> Orders { get; } = [];

        public List<Vector3> Places { get; } = [];

        public void Add(int number, int valence, int parent, int order)
        {
            if (parent >= 0) Free[parent] -= order;
            Numbers.Add(number);
            Free.Add(parent >= 0 ? valence - order : valence);
            Parents.Add(parent);
            Orders.Add(order);
        }

        public Molecule Molecule(string name)
        {
            var atoms = Numbers.Zip(Places, (number, at) => new Atom(Element.Of(number)) { Position = at });
            var bonds = Enumerable.Range(1, Numbers.Count - 1).Select(i => new Bond(Parents[i], i, (BondKind)Orders[i]));
            return new Molecule(atoms.ToImmutableArray(), bonds.ToImmutableArray(), name);
        }
    }
}
