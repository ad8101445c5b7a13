using GpuNets.Tests.Text;
using GpuNets.Training;

namespace GpuNets.Tests.Chemistry;

/// <summary>The packed subset of QM9, against what its makers derived with RDKit.</summary>
public sealed class PackedQm9Tests
{
    private static readonly Lazy<Qm9DataSet> _packed = new(() => Qm9DataSet.ReadPacked(TestData.Folder("qm9")));

    private static NpzFile Arrays => new(Path.Combine(TestData.Folder("qm9"), "qm9_subset.npz"));

    [Fact(Timeout = 120_000)]
    public async Task Hybridisation_donors_and_acceptors_are_those_of_RDKit()
    {
        await Task.Yield();
        var data = _packed.Value;
        using var file = Arrays;
        int[] flags = file["atom_flags"].ToInt32(), hybridizations = file["hybridization"].ToInt32();
        int atom = 0;
        foreach (var sample in data.Samples)
        {
            var molecule = sample.Molecule;
            for (int i = 0; i < molecule.Atoms.Length; i++, atom++)
            {
                string expected = $"hybridisation {hybridizations[atom]}, donor {(flags[atom] & 2) != 0}, acceptor {(flags[atom] & 4) != 0}";
                string actual = $"hybridisation {(int)molecule.HybridizationOf(i)}, donor {molecule.IsDonor(i)}, acceptor {molecule.IsAcceptor(i)}";
                Assert.True(expected == actual, $"{sample.Smiles}, atom {i} ({molecule.Atoms[i].Element}): {actual}, expected {expected}");
            }
        }
        Assert.Equal(flags.Length, atom);
    }

    [Fact(Timeout = 120_000)]
    public async Task Aromaticity_found_anew_is_that_of_RDKit()
    {
        await Task.Yield();
        int aromatic = 0;
        foreach (var sample in _packed.Value.Samples)
        {
            var again = sample.Molecule.Standardize();
            aromatic += again.Atoms.Count(atom => atom.IsAromatic);
            Assert.True(again.Atoms.SequenceEqual(sample.Molecule.Atoms), $"{sample.Smiles}: other atoms are aromatic or charged");
            var pairs = again.Bonds.Zip(sample.Molecule.Bonds);
            Assert.True(pairs.All(pair => pair.First.Kind == BondKind.Aromatic == (pair.Second.Kind == BondKind.Aromatic)), $"{sample.Smiles}: other bonds are aromatic");
        }
        Assert.True(aromatic > 10_000, $"{aromatic} aromatic atoms");
    }

    [Fact(Timeout = 120_000)]
    public async Task Their_SMILES_give_the_same_molecules()
    {
        await Task.Yield();
        var wrong = new List<string>();
        foreach (var sample in _packed.Value.Samples)
        {
            var read = SmilesReader.Parse(sample.Smiles);
            var packed = sample.Molecule.WithImplicitHydrogens();
            if (read.Formula != sample.Molecule.Formula || Signature(read) != Signature(packed))
                wrong.Add($"{sample.Smiles}\n  {Signature(read)}\n  {Signature(packed)}");
        }
        Assert.True(wrong.Count == 0, $"{wrong.Count} differ: {string.Join("\n", wrong.Take(8))}");
    }

    // Atoms with all their features and bonds, in an order that the numbering has no part in.
    private static string Signature(Molecule molecule) => string.Join(' ', Enumerable.Range(0, molecule.Atoms.Length).Select(i =>
    {
        var atom = molecule.Atoms[i];
        var bonds = molecule.BondsOf(i).ToArray().Select(b => $"{(int)molecule.Bonds[b].Kind}{molecule.Atoms[molecule.Bonds[b].Other(i)].Element}");
        string roles = $"{molecule.HybridizationOf(i)}{(molecule.IsDonor(i) ? "d" : "")}{(molecule.IsAcceptor(i) ? "A" : "")}{(atom.IsAromatic ? "a" : "")}";
        return $"{atom.Element}{atom.FormalCharge}{roles}{molecule.HydrogensOf(i)}({string.Concat(bonds.Order(StringComparer.Ordinal))})";
    }).Order(StringComparer.Ordinal));

    [Fact(Timeout = 120_000)]
    public async Task Bonds_come_out_of_the_geometry()
    {
        await Task.Yield();
        var differ = new List<string>();
        foreach (var sample in _packed.Value.Samples)
        {
            var bare = new Molecule([.. sample.Molecule.Atoms.Select(atom => atom with { FormalCharge = 0, IsAromatic = false })], [], sample.Smiles);
            var skeleton = BondPerception.Skeleton(bare);
            Assert.True(Pairs(skeleton).SetEquals(Pairs(sample.Molecule)), $"{sample.Smiles}: other atoms are bonded");
            var (matched, source) = BondPerception.Of(bare, sample.Smiles);
            Assert.Equal(XyzBonds.Smiles, source);
            Assert.True(Signature(matched) == Signature(sample.Molecule), $"{sample.Smiles}: other bonds with the SMILES");
            // Without the SMILES some zwitterions come out as their neutral form, which fills up all valences too.
            var perceived = BondPerception.Of(bare).Molecule;
            if (Signature(perceived) != Signature(sample.Molecule))
            {
                differ.Add(sample.Smiles);
                Assert.Contains(sample.Molecule.Atoms, atom => atom.FormalCharge != 0);
            }
            Assert.Equal(sample.Molecule.Formula, perceived.Formula);
        }
        Assert.True(differ.Count <= 17, $"{differ.Count} differ: {string.Join(' ', differ.Take(40))}");
    }

    private static HashSet<(int, int)> Pairs(Molecule molecule) => [.. molecule.Bonds.Select(bond => (Math.Min(bond.First, bond.Second), Math.Max(bond.First, bond.Second)))];
}
