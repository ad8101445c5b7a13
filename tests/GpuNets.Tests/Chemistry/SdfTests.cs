using GpuNets.Training;

namespace GpuNets.Tests.Chemistry;

/// <summary>SDF and MOL files.</summary>
public sealed class SdfTests
{
    [Fact(Timeout = 20_000)]
    public async Task A_drawing_has_data_and_implicit_hydrogens_but_no_geometry()
    {
        await Task.Yield();
        var record = Assert.Single(SdfReader.Parse(ChemistryFiles.Ethanol));
        Assert.Equal(("ethanol", "C2H6O", 1), (record.Molecule.Name, record.Molecule.Formula, record.Line));
        Assert.False(record.Molecule.HasPositions);
        Assert.Equal([3, 2, 1], record.Molecule.Atoms.Select(atom => atom.ImplicitHydrogens));
        Assert.Equal([("CAS", "64-17-5"), ("note", "two\nlines")], record.Data.OrderBy(item => item.Key, StringComparer.Ordinal).Select(item => (item.Key, item.Value)));
        var error = Assert.Throws<MoleculeException>(() => new MoleculeGraph(record.Molecule));
        Assert.Contains("ethanol: the molecule has no coordinates", error.Message, StringComparison.Ordinal);
        // A MOL file is a record that ends after its block.
        string mol = ChemistryFiles.Ethanol[..(ChemistryFiles.Ethanol.IndexOf("M  END", StringComparison.Ordinal) + 6)];
        Assert.Equal("C2H6O", Assert.Single(SdfReader.Parse(mol.Replace("\n", "\r\n", StringComparison.Ordinal))).Molecule.Formula);
    }

    [Fact(Timeout = 60_000)]
    public async Task Molecules_of_QM9_come_back_from_SDF()
    {
        await Task.Yield();
        var samples = Qm9DataSet.ReadPacked(TestData.Folder("qm9"))[CorpusSplit.Test];
        var records = SdfReader.Parse(string.Concat(samples.Select(sample => ChemistryFiles.Sdf(sample.Molecule))));
        Assert.Equal(samples.Count, records.Count);
        for (int i = 0; i < records.Count; i++)
        {
            var (read, wrote) = (records[i].Molecule, samples[i].Molecule);
            Assert.Equal((wrote.Name, wrote.Formula, wrote.Bonds.Length), (read.Name, read.Formula, read.Bonds.Length));
            for (int a = 0; a < wrote.Atoms.Length; a++)
            {
                Assert.Equal((wrote.Atoms[a].Element, wrote.Atoms[a].FormalCharge, wrote.Atoms[a].IsAromatic, 0),
                    (read.Atoms[a].Element, read.Atoms[a].FormalCharge, read.Atoms[a].IsAromatic, read.Atoms[a].ImplicitHydrogens));
                Assert.True((wrote.Atoms[a].Position!.Value - read.Atoms[a].Position!.Value).Length() < 1e-4f);
            }
        }
    }

    [Fact(Timeout = 20_000)]
    public async Task Charges_isotopes_radicals_and_valences_are_read()
    {
        await Task.Yield();
        Assert.Equal("H4N+", One(Record(" N   0  3")).Formula);
        Assert.Equal("HO-", One(Record(" O   0  5")).Formula);
        // The property lines stand in place of the charge codes.
        Assert.Equal("H2O", One(Record(" O   0  5", "M  RAD  1   1   0\n")).Formula);
        Assert.Equal("O-2", One(Record(" O   0  0", "M  CHG  1   1  -2\n")).Formula);
        Assert.Equal("CH3", One(Record(" C   0  4")).Formula);
        Assert.Equal("CH2", One(Record(" C   0  0", "M  RAD  1   1   3\n")).Formula);
        Assert.Equal(13, One(Record(" C   0  0", "M  ISO  1   1  13\n")).Atoms[0].Isotope);
        Assert.Equal(2, One(Record(" D   0  0")).Atoms[0].Isotope);
        Assert.Equal("C", One(Record(" C   0  0  0  0  0 15")).Formula);
        Assert.Equal("CH2", One(Record(" C   0  0  0  0  0  2")).Formula);
        Assert.Equal("Na+", One(Record(" Na  0  3")).Formula);
        Assert.Equal("CH4", One(Record(" C   0  0", "A    1\nMe\nV    1 text\nM  STY  1   1 DAT\n")).Formula);
        // Aromatic bonds without hydrogens: benzene and pyridine.
        foreach (var (element, formula) in ((string, string)[])[("C", "C6H6"), ("N", "C5H5N")])
        {
            string ring = "ring\n\n\n  6  6  0  0  0  0  0  0  0  0999 V2000\n" + string.Concat(Enumerable.Range(0, 6).Select(i => Atom(i == 0 ? element : "C", i)))
                + string.Concat(Enumerable.Range(0, 6).Select(i => $"{i + 1,3}{(i + 1) % 6 + 1,3}  4  0\n")) + "M  END\n";
            var molecule = One(ring);
            Assert.Equal((formula, 6), (molecule.Formula, molecule.Atoms.Count(atom => atom.IsAromatic)));
        }
    }

    /// <summary>What is wrong, the text, the line, words of the message.</summary>
    public static TheoryData<string, string, int, string> Wrong => new()
    {
        { "empty", "", 1, "the file is empty" },
        { "title only", "x\n", 2, "the file ends where the second line" },
        { "no counts", "\n\n\nnothing\n", 4, "the number of atoms is 'not'" },
        { "no atoms", "\n\n\n  0  0  0  0  0  0            999 V2000\nM  END\n", 4, "0 atoms and 0 bonds" },
        { "V3000", "\n\n\n  0  0  0     0  0            999 V3000\n", 4, "V3000" },
        { "truncated atoms", Record(" C   0  0").Replace("  1  0  0", "  2  0  0", StringComparison.Ordinal), 6, "x is 'M  END'" },
        { "ends in the atoms", "\n\n\n  2  0  0  0  0  0            999 V2000\n" + Atom("C", 0), 6, "the file ends where atom 2 of 2" },
        { "ends in the bonds", "\n\n\n  2  1  0  0  0  0            999 V2000\n" + Atom("C", 0) + Atom("C", 1), 7, "the file ends where bond 1 of 1" },
        { "no end", "\n\n\n  1  0  0  0  0  0            999 V2000\n" + Atom("C", 0), 6, "the file ends where 'M  END'" },
        { "next record too early", "\n\n\n  1  0  0  0  0  0            999 V2000\n" + Atom("C", 0) + "$$$$\n", 6, "the record ends before 'M  END'" },
        { "unknown element", Record(" Zz  0  0"), 5, "unknown element 'Zz'" },
        { "query atom", Record(" Q   0  0"), 5, "is a query" },
        { "NaN", Record(" C   0  0").Replace("    0.0000    0.0000    0.0000", "    0.0000       NaN    0.0000", StringComparison.Ordinal), 5, "y is 'NaN'" },
        { "far away", Record(" C   0  0").Replace("    0.0000    0.0000    0.0000", "    0.0000     1e300    0.0000", StringComparison.Ordinal), 5, "expected coordinates within" },
        { "charge code", Record(" C   0  9"), 5, "the charge code is 9" },
        { "valence field", Record(" C   0  0  0  0  0 16"), 5, "the valence is 16" },
        { "bond to nowhere", Pair("  1  3  1  0"), 7, "joins atoms 1 and 3, but there are 2 atoms" },
        { "bond to itself", Pair("  1  1  1  0"), 7, "joins atom 1 to itself" },
        { "bond kind", Pair("  1  2  8  0"), 7, "the kind of the bond is 8" },
        { "bond words", Pair("  1  x  1  0"), 7, "the second atom of the bond is 'x'" },
        { "bonded twice", Pair("  1  2  1  0\n  2  1  1  0", 2), 1, "atoms 1 and 2 are bonded twice" },
        { "charge of no atom", Record(" C   0  0", "M  CHG  1   5   1\n"), 6, "M  CHG names atom 5" },
        { "too large a charge", Record(" C   0  0", "M  CHG  1   1  99\n"), 6, "the value 99" },
        { "count of charges", Record(" C   0  0", "M  CHG  9   1   1\n"), 6, "9 entries" },
        { "truncated charge", Record(" C   0  0", "M  CHG  2   1   1\n"), 6, "atom 2 of M  CHG is ''" },
        { "valence", "\n\n\n  6  5  0  0  0  0            999 V2000\n" + string.Concat(Enumerable.Range(0, 6).Select(i => Atom(i == 0 ? "C" : "F", i))) + string.Concat(Enumerable.Range(2, 5).Select(i => $"  1{i,3}  1  0\n")) + "M  END\n", 5, "atom 1: C has a valence of 5, at most 4" },
        { "odd aromatic ring", "\n\n\n  5  5  0  0  0  0            999 V2000\n" + string.Concat(Enumerable.Range(0, 5).Select(i => Atom("C", i))) + string.Concat(Enumerable.Range(0, 5).Select(i => $"{i + 1,3}{(i + 1) % 5 + 1,3}  4  0\n")) + "M  END\n", 1, "no Kekule structure" },
        { "second record", ChemistryFiles.Ethanol + "next\n", 20, "the file ends where the second line" },
        { "data", Record(" C   0  0") + "nonsense\n", 7, "neither a data item" },
    };

    [Theory(Timeout = 20_000)]
    [MemberData(nameof(Wrong))]
    public async Task Wrong_files_are_refused_with_file_and_line(string what, string text, int line, string words)
    {
        await Task.Yield();
        using var temp = new TempFolder();
        File.WriteAllText(temp.File("a.sdf"), text);
        var error = Assert.Throws<MoleculeException>(() => MoleculeFile.Read(temp.File("a.sdf")));
        Assert.True(error.Message.Contains(words, StringComparison.Ordinal), $"{what}: {error.Message}");
        Assert.Equal((temp.File("a.sdf"), line), (error.File, error.Line));
    }

    private static Molecule One(string text) => Assert.Single(SdfReader.Parse(text)).Molecule;

    private static string Record(string atom, string properties = "") => $"one\n\n\n  1  0  0  0  0  0            999 V2000\n    0.0000    0.0000    0.0000{atom}\n{properties}M  END\n";

    private static string Pair(string bonds, int count = 1) => $"\n\n\n  2{count,3}  0  0  0  0            999 V2000\n{Atom("C", 0)}{Atom("C", 1)}{bonds}\nM  END\n";

    private static string Atom(string element, int x) => FormattableString.Invariant($"{1.4 * x,10:0.0000}    0.0000    0.0000 {element,-3} 0  0\n");
}
