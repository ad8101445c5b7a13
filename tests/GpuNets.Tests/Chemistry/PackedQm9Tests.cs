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
}
