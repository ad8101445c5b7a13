using GpuNets.Tests.Text;
using GpuNets.Training;

namespace GpuNets.Tests.Chemistry;

/// <summary>SMILES of molecules that everybody knows, and of none.</summary>
public sealed class SmilesTests
{
    /// <summary>SMILES, formula, heavy atoms, bonds between them, hydrogens, rings, aromatic atoms.</summary>
    public static TheoryData<string, string, int, int, int, int, int> Known => new()
    {
        { "C", "CH4", 1, 0, 4, 0, 0 },
        { "O", "H2O", 1, 0, 2, 0, 0 },
        { "N", "H3N", 1, 0, 3, 0, 0 },
        { "Cl", "ClH", 1, 0, 1, 0, 0 },
        { "[NH4+]", "H4N+", 1, 0, 4, 0, 0 },
        { "[Na+].[Cl-]", "ClNa", 2, 0, 0, 0, 0 },
        { "O=C=O", "CO2", 3, 2, 0, 0, 0 },
        { "C#N", "CHN", 2, 1, 1, 0, 0 },
        { "[C-]#[O+]", "CO", 2, 1, 0, 0, 0 },
        { "CC", "C2H6", 2, 1, 6, 0, 0 },
        { "C=C", "C2H4", 2, 1, 4, 0, 0 },
        { "C#C", "C2H2", 2, 1, 2, 0, 0 },
        { "CCO", "C2H6O", 3, 2, 6, 0, 0 },
        { "CC(=O)O", "C2H4O2", 4, 3, 4, 0, 0 },
        { "CC(C)=O", "C3H6O", 4, 3, 6, 0, 0 },
        { "NC(=O)N", "CH4N2O", 4, 3, 4, 0, 0 },
        { "NCC(=O)O", "C2H5NO2", 5, 4, 5, 0, 0 },
        { "N[C@@H](C)C(=O)O", "C3H7NO2", 6, 5, 7, 0, 0 },
        { "C1CC1", "C3H6", 3, 3, 6, 1, 0 },
        { "C1CCCCC1", "C6H12", 6, 6, 12, 1, 0 },
        { "c1ccccc1", "C6H6", 6, 6, 6, 1, 6 },
        { "C1=CC=CC=C1", "C6H6", 6, 6, 6, 1, 6 },
        { "Cc1ccccc1", "C7H8", 7, 7, 8, 1, 6 },
        { "Oc1ccccc1", "C6H6O", 7, 7, 6, 1, 6 },
        { "c1ccncc1", "C5H5N", 6, 6, 5, 1, 6 },
        { "c1cc[nH]c1", "C4H5N", 5, 5, 5, 1, 5 },
        { "c1ccoc1", "C4H4O", 5, 5, 4, 1, 5 },
        { "c1ccsc1", "C4H4S", 5, 5, 4, 1, 5 },
        { "c1c[nH]cn1", "C3H4N2", 5, 5, 4, 1, 5 },
        { "c1ccc2ccccc2c1", "C10H8", 10, 11, 8, 2, 10 },
        { "c1ccc2c(c1)ccc1ccccc12", "C14H10", 14, 16, 10, 3, 14 },
        { "c1ccc2[nH]ccc2c1", "C8H7N", 9, 10, 7, 2, 9 },
        { "c1ccc2cccc2cc1", "C10H8", 10, 11, 8, 2, 10 },
        { "c1ccccc1c1ccccc1", "C12H10", 12, 13, 10, 2, 12 },
        { "c1ccc(cc1)-c1ccccc1", "C12H10", 12, 13, 10, 2, 12 },
        { "O=[N+]([O-])c1ccccc1", "C6H5NO2", 9, 9, 5, 1, 6 },
        { "O=N(=O)c1ccccc1", "C6H5NO2", 9, 9, 5, 1, 6 },
        { "CC(=O)Oc1ccccc1C(=O)O", "C9H8O4", 13, 13, 8, 1, 6 },
        { "CC(=O)Nc1ccc(O)cc1", "C8H9NO2", 11, 11, 9, 1, 6 },
        { "CC(C)Cc1ccc(cc1)[C@@H](C)C(=O)O", "C13H18O2", 15, 15, 18, 1, 6 },
        { "Cn1cnc2c1c(=O)n(C)c(=O)n2C", "C8H10N4O2", 14, 15, 10, 2, 9 },
        { "CN1C=NC2=C1C(=O)N(C(=O)N2C)C", "C8H10N4O2", 14, 15, 10, 2, 9 },
        { "CN1CCC[C@H]1c1cccnc1", "C10H14N2", 12, 13, 14, 2, 6 },
        { "Nc1ncnc2[nH]cnc12", "C5H5N5", 10, 11, 5, 2, 9 },
        { "O=c1cc[nH]c(=O)[nH]1", "C4H4N2O2", 8, 8, 4, 1, 6 },
        { "OC[C@H]1OC(O)[C@H](O)[C@@H](O)[C@@H]1O", "C6H12O6", 12, 12, 12, 1, 0 },
        { "CC(C)CCCC(C)C1CCC2C1(CCC3C2CC=C4C3(CCC(C4)O)C)C", "C27H46O", 28, 31, 46, 4, 0 },
        { "CN1C2CCC1CC(C2)OC(=O)C(CO)c1ccccc1", "C17H23NO3", 21, 23, 23, 3, 6 },
        { "CN1CCC23C4C1CC5=C2C(=C(C=C5)O)OC3C(C=C4)O", "C17H19NO3", 21, 25, 19, 5, 6 },
        { "CC1(C)SC2C(NC(=O)Cc3ccccc3)C(=O)N2C1C(=O)O", "C16H18N2O4S", 23, 25, 18, 3, 6 },
        { "F/C=C/F", "C2H2F2", 4, 3, 2, 0, 0 },
        { "F/C=C\\F", "C2H2F2", 4, 3, 2, 0, 0 },
        { "FC(F)(F)Cl", "CClF3", 5, 4, 0, 0, 0 },
        { "CS(=O)C", "C2H6OS", 4, 3, 6, 0, 0 },
        { "OS(=O)(=O)O", "H2O4S", 5, 4, 2, 0, 0 },
        { "[O-]S(=O)(=O)[O-]", "O4S-2", 5, 4, 0, 0, 0 },
        { "OP(=O)(O)O", "H3O4P", 5, 4, 3, 0, 0 },
        { "FS(F)(F)(F)(F)F", "F6S", 7, 6, 0, 0, 0 },
        { "F[P-](F)(F)(F)(F)F", "F6P-", 7, 6, 0, 0, 0 },
        { "[O-]Cl(=O)(=O)=O", "ClO4-", 5, 4, 0, 0, 0 },
        { "[N-]=[N+]=NC", "CH3N3", 4, 3, 3, 0, 0 },
        { "C=N#N", "CH2N2", 3, 2, 2, 0, 0 },
        { "[nH]1cccc1", "C4H5N", 5, 5, 5, 1, 5 },
        { "c1cc[o+]cc1", "C5H5O+", 6, 6, 5, 1, 6 },
        { "c1ccc[cH+]cc1", "C7H7+", 7, 7, 7, 1, 7 },
        { "c1cc[cH-]c1", "C5H5-", 5, 5, 5, 1, 5 },
        { "[cH-]1cccc1.[cH-]1cccc1.[Fe+2]", "C10H10Fe", 11, 10, 10, 2, 10 },
        { "C[n+]1ccccc1", "C6H8N+", 7, 7, 8, 1, 6 },
        { "O=c1ccocc1", "C5H4O2", 7, 7, 4, 1, 6 },
        { "O=C1C=CC(=O)C=C1", "C6H4O2", 8, 8, 4, 1, 0 },
        { "C1=CC=CC=CC=C1", "C8H8", 8, 8, 8, 1, 0 },
        { "C12C3C4C1C5C4C3C25", "C8H8", 8, 12, 8, 5, 0 },
        { "C1C2CC3CC1CC(C2)C3", "C10H16", 10, 12, 16, 3, 0 },
        { "c1cc2ccc3cccc4ccc(c1)c2c34", "C16H10", 16, 19, 10, 4, 16 },
        { "C%12CCCCC%12", "C6H12", 6, 6, 12, 1, 0 },
        { "C1.C1", "C2H6", 2, 1, 6, 0, 0 },
        { "[2H]O[2H]", "H2O", 3, 2, 2, 0, 0 },
        { "[13CH4]", "CH4", 1, 0, 4, 0, 0 },
        { "[H][H]", "H2", 2, 1, 2, 0, 0 },
        { "[H]C([H])([H])[H]", "CH4", 5, 4, 4, 0, 0 },
        { "[CH3:7][OH:2]", "CH4O", 2, 1, 4, 0, 0 },
        { "C[Se]CC[C@H](N)C(=O)O", "C5H11NO2Se", 9, 8, 11, 0, 0 },
        { "[Co@OH3](F)(Cl)(Br)(I)(C)N", "CH5BrClCoFIN", 7, 6, 5, 0, 0 },
        { "C1=CC2=CC=CC2=C1", "C8H6", 8, 9, 6, 2, 0 },
        { "C1=CC2=CC=C3C=CC1=C23", "C10H6", 10, 12, 6, 3, 0 },
        { "C=C1C=CC=C1", "C6H6", 6, 6, 6, 1, 0 },
        { "C1=CC=C1", "C4H4", 4, 4, 4, 1, 0 },
        { "c1ccc2c(c1)-c1ccccc1-2", "C12H8", 12, 14, 8, 3, 12 },
        { "O=C1C=CC=CC=C1", "C7H6O", 8, 8, 6, 1, 7 },
        { "C1=C[CH+]1", "C3H3+", 3, 3, 3, 1, 3 },
        { "CN1C=CC=CC1=O", "C6H7NO", 8, 8, 7, 1, 6 },
        { "O=C1C=CC(=O)N1", "C4H3NO2", 7, 7, 3, 1, 0 },
        { "B1OB1", "B2H2O", 3, 3, 2, 1, 0 },
    };

    [Theory(Timeout = 20_000)]
    [MemberData(nameof(Known))]
    public async Task Known_molecules_have_their_atoms_bonds_rings_and_formula(
        string smiles, string formula, int atoms, int bonds, int hydrogens, int rings, int aromatic)
    {
        await Task.Yield();
        var molecule = SmilesReader.Parse(smiles);
        Assert.Equal(formula, molecule.Formula);
        Assert.Equal((atoms, bonds, rings), (molecule.Atoms.Length, molecule.Bonds.Length, molecule.RingCount));
        Assert.Equal(hydrogens, molecule.Atoms.Sum(atom => atom.ImplicitHydrogens + (atom.Element.Number == 1 ? 1 : 0)));
        Assert.Equal(aromatic, molecule.Atoms.Count(atom => atom.IsAromatic));
    }

    [Fact(Timeout = 20_000)]
    public async Task Notations_of_one_molecule_agree()
    {
        await Task.Yield();
        foreach (string[] same in (string[][])[
            ["OCC", "CCO", "C(O)C", "[CH3][CH2][OH]", "C-C-O", "[H]OCC"],
            ["c1ccccc1", "C1=CC=CC=C1", "C=1C=CC=CC=1", "c1:c:c:c:c:c:1", "c%10cccc/c%10"],
            ["CN(=O)=O", "C[N+](=O)[O-]"],
            ["C=N#N", "C=[N+]=[N-]"],
            ["c1ccccn1=O", "c1cccc[n+]1[O-]", "C1=CC=C[N+]([O-])=C1"],
            ["Oc1cnc(O)[nH]1", "OC1=CN=C(O)N1"],
            ["N[C@@H](C)C(=O)O", "NC(C)C(=O)O", "N[C@H:1](C)C(=O)O", "N[C@TH1H](C)C(=O)O"],
            ["C1=CC2=CC=CC=CC2=C1", "c1cc2cccccc2c1"]])
        {
            var first = Describe(SmilesReader.Parse(same[0]));
            foreach (string other in same) Assert.Equal((other, first), (other, Describe(SmilesReader.Parse(other))));
        }
        // As written, on request.
        Assert.DoesNotContain(SmilesReader.Parse("C1=CC=CC=C1", standardize: false).Atoms, atom => atom.IsAromatic);
        Assert.Equal(0, SmilesReader.Parse("CN(=O)=O", standardize: false).Atoms.Count(atom => atom.FormalCharge != 0));
    }

    [Fact(Timeout = 20_000)]
    public async Task Parts_single_atoms_and_names_are_kept()
    {
        await Task.Yield();
        var salt = SmilesReader.Parse("[Na+].CC(=O)[O-].O sodium acetate, wet");
        Assert.Equal(("sodium acetate, wet", 3, "C2H5NaO3", 0), (salt.Name, salt.PartCount, salt.Formula, salt.Charge));
        Assert.Equal(("O4S-2", -2), (SmilesReader.Parse("[O-]S(=O)(=O)[O-]").Formula, SmilesReader.Parse("[O-]S(=O)(=O)[O-]").Charge));
        var argon = SmilesReader.Parse("[Ar]");
        Assert.Equal((1, 0, 0), (argon.Atoms.Length, argon.Bonds.Length, argon.RingCount));
        Assert.Equal((235, 2, -1), (SmilesReader.Parse("[235U]").Atoms[0].Isotope, SmilesReader.Parse("[Ca++]").Charge, SmilesReader.Parse("[F-1]").Charge));
        using var temp = new TempFolder();
        File.WriteAllText(temp.File("a.smi"), "# comment\nCCO ethanol\n\n  c1ccccc1\tbenzene  \nO\n");
        Assert.Equal(["ethanol C2H6O", "benzene C6H6", "H2O"], MoleculeFile.Read(temp.File("a.smi")).Select(molecule => molecule.ToString()));
    }

    [Fact(Timeout = 60_000)]
    public async Task The_SMILES_of_the_molecules_that_QM9_excludes_are_read()
    {
        await Task.Yield();
        string path = Path.Combine(TestData.Folder("qm9"), "uncharacterized.txt.gz");
        var ids = Qm9Exclusions.Read(path);
        Assert.Equal(3054, ids.Count);
        Assert.Contains(58, ids);
        int read = 0, refused = 0;
        foreach (string line in TextFile.ReadLines(path))
        {
            string[] words = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (words.Length != 5 || !int.TryParse(words[0], out int id)) continue;
            Assert.Contains(id, ids);
            Assert.InRange(SmilesReader.Parse(words[1], path).Atoms.Length, 2, 9);
            // What Open Babel made of the relaxed geometries has stereo marks, radicals and parts, and sometimes nitrogen of valence four; the
            // file cuts them after 40 characters.
            try
            {
                Assert.InRange(SmilesReader.Parse(words[2], path).Atoms.Length, 2, 9);
            }
            catch (MoleculeException e)
            {
                Assert.True(e.Problem.Contains("N has a valence of 4", StringComparison.Ordinal) || words[2].Length >= 38, e.Message);
                refused++;
            }
            read++;
        }
        Assert.Equal(3054, read);
        Assert.Equal(89, refused);
    }

    /// <summary>A text that is no SMILES, and words of the message.</summary>
    public static TheoryData<string, string> Wrong => new()
    {
        { "", "the text is empty" },
        { " ", "the text is empty" },
        { "X", "'X' is no atom, bond or ring closure" },
        { "CCX", "at position 3" },
        { "Na", "'a' is no atom" },
        { "ü", "'ü' is no atom" },
        { "*", "wildcard atoms are not read, at position 1" },
        { "[*]", "wildcard atoms are not read, at position 2" },
        { "C$C", "quadruple bonds are not read" },
        { "CC>>O", "reactions are not read" },
        { "C(", "the branch is never closed, at position 2" },
        { "C)", "no branch is open here, at position 2" },
        { "C()", "the branch is empty" },
        { "(C)", "a branch needs an atom before it" },
        { "C(C=)", "a bond at the end of a branch leads nowhere" },
        { "C=", "a bond at the end leads nowhere" },
        { "=C", "a bond needs an atom before it" },
        { "C==C", "two bonds in a row" },
        { "C=(C)", "a bond must stand inside the branch" },
        { "C.", "followed by nothing" },
        { ".C", "a dot needs an atom before it" },
        { "C..C", "a dot needs an atom before it" },
        { "C=.C", "the bond before the dot leads nowhere" },
        { "C1CC", "ring closure 1 is never closed, at position 2" },
        { "1CC1", "a ring closure needs an atom before it" },
        { "C%1C", "% needs two digits" },
        { "C%", "% needs two digits" },
        { "C11", "joins an atom to itself" },
        { "C12CCCCC12", "bonded already" },
        { "C1C1", "bonded already" },
        { "C=1CCCC#1", "different bonds" },
        { "[C", "the bracket is never closed" },
        { "[", "the bracket is never closed" },
        { "[]", "']' is no element" },
        { "[Xx]", "unknown element 'Xx'" },
        { "[CH4", "the bracket is never closed" },
        { "[C?]", "'?' does not belong here" },
        { "[CH4+16]", "beyond 15" },
        { "[1234CH4]", "more than 3 digits" },
        { "[CH4:]", "an atom class needs a number" },
        { "[HH]", "has no hydrogens of its own" },
        { "[C@TH]", "needs a number" },
        { "C]", "']' is no atom" },
        { "c", "aromatic C is in no aromatic ring" },
        { "cc", "aromatic C is in no aromatic ring" },
        { "C:C", "an aromatic bond needs aromatic atoms" },
        { "c1cccc1", "no Kekule structure" },
        { "c1ccnc1", "no Kekule structure" },
        { "C(C)(C)(C)(C)C", "C has a valence of 5, at most 4" },
        { "FC(F)(F)(F)F", "C has a valence of 5" },
        { "O(C)(C)C", "O has a valence of 3, at most 2" },
        { "F(C)C", "F has a valence of 2" },
        { "C#C#C", "C has a valence of 6" },
        { "[CH5]", "C has a valence of 5" },
        { "[NH4]", "N has a valence of 4 with 4 neighbours" },
        { "CN(C)(C)(C)C", "N has a valence of 5 with 5 neighbours" },
        { "[NH5+]", "N+ has a valence of 5, at most 4" },
        { "[OH2-]", "O- has a valence of 2, at most 1" },
        { "[H](C)C", "H has a valence of 2" },
        { "[CH4-]", "C- has a valence of 4, at most 3" },
    };

    [Theory(Timeout = 20_000)]
    [MemberData(nameof(Wrong))]
    public async Task What_is_no_SMILES_is_refused_with_the_place(string smiles, string words)
    {
        await Task.Yield();
        var error = Assert.Throws<MoleculeException>(() => SmilesReader.Parse(smiles, "list.smi", 17));
        Assert.Equal(("list.smi", 17), (error.File, error.Line));
        Assert.StartsWith("list.smi, line 17: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
        if (smiles.Trim().Length == 0) return;
        using var temp = new TempFolder();
        File.WriteAllText(temp.File("a.smiles"), $"CC\n\n{smiles}\n");
        var inFile = Assert.Throws<MoleculeException>(() => MoleculeFile.Read(temp.File("a.smiles")));
        Assert.Equal((temp.File("a.smiles"), 3, error.Problem), (inFile.File, inFile.Line, inFile.Problem));
    }

    /// <summary>Large and nested texts take time in proportion to their length, not more.</summary>
    [Fact(Timeout = 60_000)]
    public async Task Large_texts_are_read()
    {
        await Task.Yield();
        const int n = 10_000;
        Assert.Equal($"C{n}H{2 * n + 2}", SmilesReader.Parse(new string('C', n)).Formula);
        Assert.Equal(n + 1, SmilesReader.Parse(string.Concat(Enumerable.Repeat("C(", n)) + "C" + new string(')', n)).Atoms.Length);
        var rings = SmilesReader.Parse(string.Concat(Enumerable.Repeat("c1ccc(cc1)", n / 6)) + "C");
        Assert.Equal((n / 6, 6 * (n / 6)), (rings.RingCount, rings.Atoms.Count(atom => atom.IsAromatic)));
        // A ladder of fused rings, acene: 1,000 of them.
        var acene = SmilesReader.Parse(Acene(1000));
        Assert.Equal((1000, 4002), (acene.RingCount, acene.Atoms.Count(atom => atom.IsAromatic)));
        Assert.Throws<MoleculeException>(() => SmilesReader.Parse(new string('(', 1_000_000)));
        Assert.Throws<MoleculeException>(() => SmilesReader.Parse("C" + new string('=', 1_000_000)));
        Assert.Throws<MoleculeException>(() => SmilesReader.Parse("c1" + new string('c', 10_000) + "1"));
    }

    // The first rung, then for each ring its outer atoms and the next rung; ring closures join them to the rung before, across a dot.
    private static string Acene(int rings)
    {
        var text = new System.Text.StringBuilder("c%10c%11");
        for (int r = 0; r < rings; r++)
        {
            string up = r % 2 == 0 ? "%10" : "%12", low = r % 2 == 0 ? "%11" : "%13", nextUp = r % 2 == 0 ? "%12" : "%10", nextLow = r % 2 == 0 ? "%13" : "%11";
            bool last = r == rings - 1;
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $".c{up}c{(last ? "" : nextUp)}c{(last ? "" : nextLow)}c{low}");
        }
        return text.ToString();
    }

    private static string Describe(Molecule molecule)
    {
        molecule = molecule.WithImplicitHydrogens();
        return string.Join(' ', Enumerable.Range(0, molecule.Atoms.Length).Select(i =>
            $"{molecule.Atoms[i].Element}{molecule.Atoms[i].FormalCharge}{molecule.Atoms[i].IsAromatic}{molecule.HydrogensOf(i)}{molecule.HybridizationOf(i)}"
            + string.Concat(molecule.BondsOf(i).ToArray().Select(b => (int)molecule.Bonds[b].Kind).Order())).Order(StringComparer.Ordinal));
    }
}
