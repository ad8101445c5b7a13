using GpuNets.Tests.Text;
using GpuNets.Training;

namespace GpuNets.Tests.Chemistry;

/// <summary>The packed subset of QM9, against what its makers derived with RDKit.</summary>
public sealed class PackedQm9Tests
{
    private static readonly Lazy<Qm9DataSet> _packed = new(() => Qm9DataSet.ReadPacked(TextData.Folder("qm9")));

    private static NpzFile Arrays => new(Path.Combine(TextData.Folder("qm9"), "qm9_subset.npz"));

    [Fact(Timeout = 120_000)]
    public async Task Hybridisation_donors_and_acceptors_are_those_of_RDKit()
    {
        await Task.Yield();
        var data = _packed.Value;
        using var file = Arrays;
        int[] flags = file["atom_flags"].ToInt32(), hybridizations = file["hybridization"].ToInt32();
        int atom = 0, wrongHybridizations = 0, wrongDonors = 0, wrongAcceptors = 0;
        string example = "";
        foreach (var sample in data.Samples)
        {
            for (int i = 0; i < sample.Molecule.Atoms.Length; i++, atom++)
            {
                bool a = (int)sample.Molecule.HybridizationOf(i) != hybridizations[atom], b = sample.Molecule.IsDonor(i) != ((flags[atom] & 2) != 0),
                    c = sample.Molecule.IsAcceptor(i) != ((flags[atom] & 4) != 0);
                if (a) wrongHybridizations++;
                if (b) wrongDonors++;
                if (c) wrongAcceptors++;
                if ((a || b || c) && sample.Smiles.Length>0 && !(c && sample.Molecule.Atoms[i].IsAromatic && sample.Molecule.Atoms[i].Element.Number==8) && !(c && sample.Molecule.HybridizationOf(i)==Hybridization.Sp) && example.Length < 3000) example += $"\n{sample.Smiles}: atom {i} {sample.Molecule.Atoms[i].Element} is {sample.Molecule.HybridizationOf(i)}, packed {hybridizations[atom]}, donor {sample.Molecule.IsDonor(i)} acceptor {sample.Molecule.IsAcceptor(i)} flags {flags[atom]}";
            }
        }
        Assert.Equal(flags.Length, atom);
        Assert.True((wrongHybridizations, wrongDonors, wrongAcceptors) == (0, 0, 0), $"{wrongHybridizations} hybridisations, {wrongDonors} donors, {wrongAcceptors} acceptors: {example}");
    }

    [Fact(Timeout = 120_000)]
    public async Task Aromaticity_found_anew_is_that_of_RDKit()
    {
        await Task.Yield();
        int aromatic = 0, wrong = 0;
        string examples = "";
        foreach (var sample in _packed.Value.Samples)
        {
            var again = sample.Molecule.Standardize();
            aromatic += again.Atoms.Count(atom => atom.IsAromatic);
            bool same = again.Atoms.SequenceEqual(sample.Molecule.Atoms)
                && again.Bonds.Zip(sample.Molecule.Bonds).All(pair => pair.First.Kind == BondKind.Aromatic == (pair.Second.Kind == BondKind.Aromatic));
            if (same) continue;
            wrong++;
            if (examples.Length < 2000) examples += $"\n{sample.Smiles}: {string.Join(' ', again.Atoms.Select(a => a.IsAromatic ? 1 : 0))} vs {string.Join(' ', sample.Molecule.Atoms.Select(a => a.IsAromatic ? 1 : 0))}";
        }
        Assert.True(wrong == 0, $"{wrong} molecules differ:{examples}");
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
            if (read.Formula != sample.Molecule.Formula || Signature(read) != Signature(packed)) wrong.Add($"{sample.Smiles}\n  {Signature(read)}\n  {Signature(packed)}");
        }
        Assert.True(wrong.Count == 0, $"{wrong.Count} differ: {string.Join("\n", wrong.Take(8))}");
    }

    // Atoms with all their features and bonds, in an order that the numbering has no part in.
    private static string Signature(Molecule molecule) => string.Join(' ', Enumerable.Range(0, molecule.Atoms.Length).Select(i =>
    {
        var atom = molecule.Atoms[i];
        string bonds = string.Concat(molecule.BondsOf(i).ToArray().Select(b => $"{(int)molecule.Bonds[b].Kind}{molecule.Atoms[molecule.Bonds[b].Other(i)].Element}").Order(StringComparer.Ordinal));
        return $"{atom.Element}{atom.FormalCharge}{(atom.IsAromatic ? "a" : "")}{molecule.HydrogensOf(i)}{molecule.HybridizationOf(i)}{(molecule.IsDonor(i) ? "d" : "")}{(molecule.IsAcceptor(i) ? "A" : "")}({bonds})";
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
