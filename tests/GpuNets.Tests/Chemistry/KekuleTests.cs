using GpuNets.Training;

namespace GpuNets.Tests.Chemistry;

/// <summary>Kekule structures and rings of random aromatic skeletons, against exhaustive search and theorems.</summary>
public sealed class KekuleTests
{
    [Fact(Timeout = 60_000)]
    public async Task A_structure_is_found_exactly_where_there_is_one()
    {
        await Task.Yield();
        int found = 0, none = 0;
        for (uint i = 0; i < 3000; i++)
        {
            var random = new Philox(11, i);
            int atoms = 3 + random.Below(0, 9);
            var molecule = Random(random, atoms, mostBonds: 2 + random.Below(1, 2 * atoms));
            bool[] takesPart = [.. Enumerable.Range(0, atoms).Select(a => molecule.Degree(a) > 0)];
            int expected = LargestMatching(molecule, 0, new bool[atoms]);
            bool perfect = 2 * expected == takesPart.Count(part => part);
            try
            {
                int[] orders = molecule.KekuleOrders;
                Assert.True(perfect, $"skeleton {i}: an impossible structure");
                for (int a = 0; a < atoms; a++)
                    Assert.Equal(takesPart[a] ? 1 : 0, molecule.BondsOf(a).ToArray().Count(b => orders[b] == 2));
                found++;
            }
            catch (MoleculeException e)
            {
                Assert.False(perfect, $"skeleton {i}: a structure was not found");
                Assert.Contains("no Kekule structure", e.Message, StringComparison.Ordinal);
                none++;
            }
        }
        Assert.True(found > 500 && none > 500, $"{found} found, {none} without");
    }

    /// <summary>Petersen's theorem: a cubic graph without bridges has a perfect matching. Such graphs are full of odd rings.</summary>
    [Fact(Timeout = 60_000)]
    public async Task Cubic_skeletons_always_have_one()
    {
        await Task.Yield();
        int simpleOnes = 0;
        for (uint i = 0; i < 400; i++)
        {
            var random = new Philox(12, i);
            int atoms = 2 * (4 + random.Below(0, 100));
            var bonds = new List<Bond>();
            for (int a = 0; a < atoms; a++) bonds.Add(new Bond(a, (a + 1) % atoms, BondKind.Aromatic));
            // Chords between atoms in a random order, but for those that are bonded already.
            int[] order = [.. Enumerable.Range(0, atoms).OrderBy(a => random.Bits((uint)a + 1))];
            bool simple = true;
            for (int k = 0; k < atoms; k += 2)
            {
                int apart = Math.Abs(order[k] - order[k + 1]);
                simple &= apart != 1 && apart != atoms - 1;
                bonds.Add(new Bond(order[k], order[k + 1], BondKind.Aromatic));
            }
            if (!simple) continue;
            var molecule = new Molecule([.. Enumerable.Repeat(new Atom(Element.Carbon) { IsAromatic = true }, atoms)], [.. bonds]);
            Assert.Equal(atoms / 2, molecule.KekuleOrders.Count(order => order == 2));
            Assert.Equal(atoms / 2 + 1, molecule.RingCount);
            simpleOnes++;
        }
        Assert.True(simpleOnes > 80, $"{simpleOnes} skeletons without double chords");
    }

    [Fact(Timeout = 60_000)]
    public async Task A_bond_is_in_a_ring_if_its_ends_stay_joined_without_it()
    {
        await Task.Yield();
        for (uint i = 0; i < 1000; i++)
        {
            var random = new Philox(13, i);
            int atoms = 2 + random.Below(0, 12);
            var molecule = Random(random, atoms, mostBonds: 1 + random.Below(1, atoms + 4));
            bool[] inRing = Rings.InRing(molecule);
            for (int b = 0; b < inRing.Length; b++)
            {
                var without = new Molecule(molecule.Atoms, molecule.Bonds.RemoveAt(b));
                Assert.Equal(without.PartCount == molecule.PartCount, inRing[b]);
            }
            // Every bond in a ring is in one of the small rings, and each of these is closed: all its atoms have two of its bonds.
            var rings = Rings.Find(molecule, inRing);
            Assert.Equal(Enumerable.Range(0, inRing.Length).Where(b => inRing[b]), rings.SelectMany(ring => ring).Distinct().Order());
            foreach (int[] ring in rings)
                Assert.All(ring.SelectMany(b => (int[])[molecule.Bonds[b].First, molecule.Bonds[b].Second]).GroupBy(atom => atom), group => Assert.Equal(2, group.Count()));
        }
    }

    // Carbons with up to three aromatic bonds and hydrogens up to three neighbours, so that each needs a double bond.
    private static Molecule Random(Philox random, int atoms, int mostBonds)
    {
        int[] degrees = new int[atoms];
        var pairs = new HashSet<(int, int)>();
        for (uint k = 0; k < 4 * mostBonds && pairs.Count < mostBonds; k++)
        {
            int a = random.Below(2 + 2 * k, atoms), b = random.Below(3 + 2 * k, atoms);
            if (a == b || degrees[a] == 3 || degrees[b] == 3 || !pairs.Add((Math.Min(a, b), Math.Max(a, b)))) continue;
            degrees[a]++;
            degrees[b]++;
        }
        return new Molecule(
            [.. degrees.Select(degree => new Atom(Element.Carbon) { IsAromatic = true, ImplicitHydrogens = 3 - degree })],
            [.. pairs.Select(pair => new Bond(pair.Item1, pair.Item2, BondKind.Aromatic))]);
    }

    private static int LargestMatching(Molecule molecule, int from, bool[] used)
    {
        int best = 0;
        for (int b = from; b < molecule.Bonds.Length; b++)
        {
            var (first, second, _) = molecule.Bonds[b];
            if (used[first] || used[second]) continue;
            used[first] = used[second] = true;
            best = Math.Max(best, 1 + LargestMatching(molecule, b + 1, used));
            used[first] = used[second] = false;
        }
        return best;
    }
}
