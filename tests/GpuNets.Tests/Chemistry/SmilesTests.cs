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
}
