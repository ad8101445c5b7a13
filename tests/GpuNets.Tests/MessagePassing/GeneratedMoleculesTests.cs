using System.Numerics;
using GpuNets.Models;
using GpuNets.Training;

namespace GpuNets.Tests.MessagePassing;

/// <summary>The generated molecules are what they are said to be.</summary>
public sealed class GeneratedMoleculesTests
{
    [Fact(Timeout = 60_000)]
    public async Task Have_full_valences_usual_bonds_and_room_between_atoms()
    {
        await Task.Yield();
        var molecules = GeneratedMolecules.Make(600, seed: 4, "test");
        var elements = new Dictionary<int, int>();
        int doubles = 0;
        foreach (var molecule in molecules)
        {
            molecule.CheckValences();
            int heavy = molecule.Atoms.Count(atom => atom.Element.Number > 1);
            Assert.InRange(heavy, 3, 4);
            Assert.Equal(molecule.Atoms.Length - 1, molecule.Bonds.Length);
            Assert.All(molecule.Atoms, atom => Assert.Equal(0, atom.ImplicitHydrogens));
            for (int i = 0; i < molecule.Atoms.Length; i++)
            {
                var atom = molecule.Atoms[i];
                elements[atom.Element.Number] = elements.GetValueOrDefault(atom.Element.Number) + 1;
                int bonds = 0;
                foreach (int b in molecule.BondsOf(i)) bonds += (int)molecule.Bonds[b].Kind;
                Assert.Equal(atom.Element.Number switch { 6 => 4, 7 => 3, 8 => 2, _ => 1 }, bonds);
                for (int j = 0; j < i; j++)
                {
                    float distance = Vector3.Distance(atom.Position!.Value, molecule.Atoms[j].Position!.Value);
                    if (molecule.BondBetween(i, j) is null) Assert.True(distance > 1.5f, $"{molecule}: {i} and {j} at {distance}");
                    else Assert.InRange(distance, 0.95f, 1.55f);
                }
            }
            doubles += molecule.Bonds.Count(bond => bond.Kind == BondKind.Double);
        }
        int all = elements.Where(pair => pair.Key > 1).Sum(pair => pair.Value);
        Assert.InRange(elements[6] / (double)all, 0.55, 0.8);
        Assert.All(new[] { 7, 8 }, number => Assert.InRange(elements[number] / (double)all, 0.05, 0.25));
        Assert.InRange(elements[9] / (double)all, 0.005, 0.09);
        Assert.InRange(doubles, 50, 600);
    }

    [Fact(Timeout = 60_000)]
    public async Task Depend_on_seed_purpose_and_number_alone()
    {
        await Task.Yield();
        var few = GeneratedMolecules.Make(5, 7, "train");
        var many = GeneratedMolecules.Make(9, 7, "train");
        for (int i = 0; i < 5; i++) Assert.Equal(few[i].Atoms, many[i].Atoms);
        Assert.NotEqual(few[0].Atoms, GeneratedMolecules.Make(1, 8, "train")[0].Atoms);
        Assert.NotEqual(few[0].Atoms, GeneratedMolecules.Make(1, 7, "test")[0].Atoms);
        Assert.Empty(GeneratedMolecules.Make(0, 7, "train"));
    }

    [Fact(Timeout = 60_000)]
    public async Task R2_is_the_spread_of_charge_around_its_centre()
    {
        await Task.Yield();
        // CO along x at 0 and 1.2: the centre lies at 1.2 * 8 / 14.
        var carbon = new Atom(Element.Carbon) { Position = new Vector3(5, 1, 1) };
        var oxygen = new Atom(Element.Oxygen) { Position = new Vector3(6.2f, 1, 1) };
        double centre = 1.2 * 8 / 14, expected = 6 * centre * centre + 8 * (1.2 - centre) * (1.2 - centre);
        Assert.Equal(expected, GeneratedMolecules.R2(new Molecule([carbon, oxygen], [new Bond(0, 1, BondKind.Double)])), 1e-5);
        Assert.Equal(0, GeneratedMolecules.R2(new Molecule([carbon], [])), 1e-12);
    }
}
