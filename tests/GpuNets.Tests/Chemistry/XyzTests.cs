using GpuNets.Tests.Text;
using GpuNets.Training;

namespace GpuNets.Tests.Chemistry;

/// <summary>xyz files, of QM9 and plain.</summary>
public sealed class XyzTests
{
    [Fact(Timeout = 20_000)]
    public async Task A_raw_QM9_file_is_read_to_the_last_number()
    {
        await Task.Yield();
        var record = Assert.Single(XyzReader.Read(Path.Combine(TestData.Folder("qm9"), "dsgdb9nsd_000880.xyz")));
        Assert.Equal((880, XyzBonds.Smiles), (record.Id, record.Bonds));
        Assert.Equal([7.27394, 2.15911, 1.66492, 1.5885, 47.59, -0.1858, 0.0621, 0.2479, 671.6545, 0.079713, -376.605347, -376.599148, -376.598203, -376.635026, 22.992],
            record.Properties!.Values);
        Assert.Equal(27, record.Frequencies.Length);
        Assert.Equal((204.0944, 3846.0997), (record.Frequencies[0], record.Properties.Omega1));
        Assert.Equal(("OC1=CN=C(O)N1", "Oc1cnc(O)[nH]1"), (record.GdbSmiles, record.Smiles));
        var molecule = record.Molecule;
        Assert.Equal("C3H4N2O2", molecule.Formula);
        Assert.Equal((11, 11, 5), (molecule.Atoms.Length, molecule.Bonds.Length, molecule.Atoms.Count(atom => atom.IsAromatic)));
        Assert.Equal((0.1626561431f, -0.43703f), (molecule.Atoms[0].Position!.Value.X, molecule.Atoms[0].PartialCharge!.Value));
        Assert.Equal(2.1260250314f - 0.0000034f, molecule.Atoms[10].Position!.Value.Z, 1e-4f);
        // U0 relative to 3 C, 4 H, 2 N, 2 O, by hand.
        double atoms = 3 * -1029.86312267 + 4 * -13.61312172 + 2 * -1485.30251237 + 2 * -2042.61123593;
        Assert.Equal(-376.605347 * 27.211386246 - atoms, record.ToSample().Target(Qm9Target.U0), 1e-4);
        Assert.Equal(3846.0997, record.ToSample().Target(Qm9Target.Omega1));
    }

    [Fact(Timeout = 20_000)]
    public async Task Exponents_of_Mathematica_are_numbers()
    {
        await Task.Yield();
        var record = Assert.Single(XyzReader.Parse(ChemistryFiles.Methane));
        Assert.Equal(0.9063972942f, record.Molecule.Atoms[4].Position!.Value.Z);
        Assert.Equal(("CH4", 4), (record.Molecule.Formula, record.Molecule.Bonds.Length));
        // Methane's atomisation energy at 0 K is published as -17.172 eV (-395.999 kcal/mol).
        Assert.Equal(-17.172, record.ToSample().Target(Qm9Target.U0), 0.001);
    }

    [Fact(Timeout = 20_000)]
    public async Task A_SMILES_that_does_not_fit_gives_way_to_the_next_and_to_the_valences()
    {
        await Task.Yield();
        XyzBonds Source(string line) => XyzReader.Parse(ChemistryFiles.Dihydroxyimidazole.Replace("OC1=CN=C(O)N1\tOc1cnc(O)[nH]1", line, StringComparison.Ordinal))[0].Bonds;
        Assert.Equal(XyzBonds.Smiles, Source("C\tOc1cnc(O)[nH]1"));
        // Another molecule, a tautomer, a valence that Open Babel lets pass.
        Assert.Equal(XyzBonds.GdbSmiles, Source("OC1=CN=C(O)N1\tCCO"));
        Assert.Equal(XyzBonds.GdbSmiles, Source("OC1=CN=C(O)N1\tO=C1CN=C(O)N1"));
        Assert.Equal(XyzBonds.GdbSmiles, Source("OC1=CN=C(O)N1\t[CH2]C(=[NH2])N"));
        Assert.Equal(XyzBonds.Perceived, Source("C\tC"));
        Assert.Contains("never closed", Assert.Throws<MoleculeException>(() => Source("C\tC(")).Message, StringComparison.Ordinal);
        var perceived = XyzReader.Parse(ChemistryFiles.Dihydroxyimidazole.Replace("OC1=CN=C(O)N1\tOc1cnc(O)[nH]1", "C\tC", StringComparison.Ordinal))[0].Molecule;
        Assert.Equal(XyzReader.Parse(ChemistryFiles.Dihydroxyimidazole)[0].Molecule.Bonds, perceived.Bonds);
    }

    [Fact(Timeout = 20_000)]
    public async Task Plain_files_hold_many_molecules_and_their_bonds_are_perceived()
    {
        await Task.Yield();
        const string text = """
            3
            water
            O 0 0 0.117
            H 0 0.757 -0.469 0.1 0.2 0.3
            h 0 -0.757 -0.469

            1
            argon, alone
            Ar 0 0 0
            4
            two hydrogen molecules, apart
            1 0 0 0
            1 0 0 0.74
            1 9 0 0
            1 9 0 0.74
            3
            carbon dioxide
            C 0 0 0
            O 0 0 1.16
            O 0 0 -1.16
            2
            nitrogen
            N 0 0 0
            N 0 0 1.1
            2
            carbon monoxide
            C 0 0 0
            O 0 0 1.128
            """;
        var records = XyzReader.Parse(text);
        Assert.Equal(["H2O", "Ar", "H4", "CO2", "N2", "CO"], records.Select(record => record.Molecule.Formula));
        Assert.Equal([1, 1, 2, 1, 1, 1], records.Select(record => record.Molecule.PartCount));
        Assert.Equal([2, 0, 2, 2, 1, 1], records.Select(record => record.Molecule.Bonds.Length));
        Assert.Equal("water", records[0].Molecule.Name);
        Assert.Null(records[0].Molecule.Atoms[1].PartialCharge);
        Assert.All(records[3].Molecule.Bonds, bond => Assert.Equal(BondKind.Double, bond.Kind));
        Assert.Equal(BondKind.Triple, records[4].Molecule.Bonds[0].Kind);
        Assert.Equal((-1, 1), (records[5].Molecule.Atoms[0].FormalCharge, records[5].Molecule.Atoms[1].FormalCharge));
        Assert.All(records, record => Assert.Equal(XyzBonds.Perceived, record.Bonds));
        Assert.Contains("is no QM9 record", Assert.Throws<MoleculeException>(() => records[0].ToSample()).Message, StringComparison.Ordinal);
    }

    /// <summary>What is wrong, the text, the line, words of the message.</summary>
    public static TheoryData<string, string, int, string> Wrong => new()
    {
        { "empty", "", 1, "the file is empty" },
        { "no count", "C 0 0 0\n", 1, "the number of atoms is 'C 0 0 0'" },
        { "no atoms", "0\n\n", 1, "the number of atoms is 0" },
        { "negative", "-3\n\n", 1, "the number of atoms is -3" },
        { "huge count", "2000000000\n\nC 0 0 0\n", 4, "the file ends where atom 2 of 2000000000 should be" },
        { "count beyond int", "99999999999\n\nC 0 0 0\n", 1, "expected an integer" },
        { "no comment", "1", 2, "the file ends where the second line" },
        { "truncated", "2\n\nH 0 0 0\n", 4, "the file ends where atom 2 of 2" },
        { "unknown element", "2\n\nC 0 0 0\nXx 0 0 1\n", 4, "unknown element 'Xx'" },
        { "atomic number 119", "1\n\n119 0 0 0\n", 3, "unknown element 119" },
        { "too few numbers", "1\n\nC 0 0\n", 3, "is no atom" },
        { "NaN", "2\n\nC 0 0 0\nO 0 NaN 0\n", 4, "y is 'NaN', expected a finite number" },
        { "infinite", "1\n\nC 0 0 1e999\n", 3, "z is '1e999'" },
        { "far away", "1\n\nC 0 0 1e30\n", 3, "expected coordinates within" },
        { "words for numbers", "1\n\nC 0 zero 0\n", 3, "y is 'zero'" },
        { "same place", "2\n\nC 0 0 0\nC 0 0 0\n", 1, "lie 0 Angstrom apart" },
        { "second record", "1\n\nHe 0 0 0\n2\n\nC 0 0 0\n", 7, "the file ends where atom 2 of 2" },
        { "valences", "3\n\nC 0 0 0\nH 0 0 1.09\nH 1.09 0 0\n", 1, "no bonds fill up the valences" },
        { "QM9 with 14 properties", ChemistryFiles.Methane.Replace("\t6.469", "", StringComparison.Ordinal), 2, "expected the molecule's number and 15 properties" },
        { "QM9 without a number", ChemistryFiles.Methane.Replace("gdb 1", "gdb one", StringComparison.Ordinal), 2, "the molecule's number is 'one'" },
        { "QM9 with a NaN property", ChemistryFiles.Methane.Replace("13.21", "nan", StringComparison.Ordinal), 2, "property 5 is 'nan'" },
        { "QM9 with 8 frequencies", ChemistryFiles.Methane.Replace("1341.307\t", "", StringComparison.Ordinal), 8, "8 frequencies for 5 atoms, expected 9 or 10" },
        { "QM9 without charge", ChemistryFiles.Methane.Replace("\t-0.535689", "", StringComparison.Ordinal), 3, "the partial charge is ''" },
        { "QM9 with one SMILES", ChemistryFiles.Methane.Replace("C\tC", "C", StringComparison.Ordinal), 9, "1 words" },
        { "QM9 without InChI", ChemistryFiles.Methane[..ChemistryFiles.Methane.IndexOf("InChI", StringComparison.Ordinal)], 10, "the file ends where the line of InChIs" },
        { "QM9 with a broken SMILES", ChemistryFiles.Methane.Replace("C\tC", "C\tC(", StringComparison.Ordinal), 1, "the branch is never closed" },
    };

    [Theory(Timeout = 20_000)]
    [MemberData(nameof(Wrong))]
    public async Task Wrong_files_are_refused_with_file_and_line(string what, string text, int line, string words)
    {
        await Task.Yield();
        using var temp = new TempFolder();
        File.WriteAllText(temp.File("a.xyz"), text);
        var error = Assert.Throws<MoleculeException>(() => MoleculeFile.Read(temp.File("a.xyz")));
        Assert.Equal((temp.File("a.xyz"), line), (error.File, error.Line));
        Assert.True(error.Message.Contains(words, StringComparison.Ordinal), $"{what}: {error.Message}");
        Assert.StartsWith($"{temp.File("a.xyz")}, line {line}: ", error.Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task Large_files_are_read_and_absurd_ones_refused()
    {
        await Task.Yield();
        // 4,000 molecules of nitrogen, as one record.
        string nitrogen = "8000\n\n" + string.Concat(Enumerable.Range(0, 4000).Select(i => $"N {4 * (i % 20)} {4 * (i / 20 % 20)} {4 * (i / 400)}\nN {4 * (i % 20)} {4 * (i / 20 % 20)} {4 * (i / 400) + 1.1}\n"));
        var molecule = Assert.Single(XyzReader.Parse(nitrogen)).Molecule;
        Assert.Equal((4000, 4000), (molecule.PartCount, molecule.Bonds.Count(bond => bond.Kind == BondKind.Triple)));
        string crowd = "5000\n\n" + string.Concat(Enumerable.Range(0, 5000).Select(i => $"C {0.11 * (i % 20):0.00} {0.11 * (i / 20 % 20):0.00} {0.11 * (i / 400):0.00}\n"));
        Assert.Contains("more than 200 atoms lie within", Assert.Throws<MoleculeException>(() => XyzReader.Parse(crowd)).Message, StringComparison.Ordinal);
        string grid = "12000\n\n" + string.Concat(Enumerable.Range(0, 12_000).Select(i => $"He {4 * i} 0 0\n"));
        Assert.Equal(12_000, Assert.Single(XyzReader.Parse(grid)).Molecule.PartCount);
        grid = grid.Replace("He", "C", StringComparison.Ordinal);
        Assert.Contains("bonds of 12000 atoms are not perceived", Assert.Throws<MoleculeException>(() => XyzReader.Parse(grid)).Message, StringComparison.Ordinal);
    }
}
