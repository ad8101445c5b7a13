using System.Diagnostics;
using GpuNets.Tests.Text;
using GpuNets.Training;

namespace GpuNets.Tests.Chemistry;

/// <summary>
/// Damaged files: whatever a reader is given, it gives molecules or a <see cref="MoleculeException"/> with file and line, soon, and with little memory.
/// The damage comes from Philox, so every run has the same inputs; a failure names the seed and the number to repeat it.
/// </summary>
public sealed class MoleculeFuzzTests
{
    private const int InputsPerReader = 50_000;
    private const long MostBytes = 32L << 20;
    private const double MostSeconds = 5;

    private static readonly string[] _smiles =
    [
        .. SmilesTests.Known.Select(row => (string)row.Data.Item1), "[Na+].CC(=O)[O-].O name", "C%10CC%10", "[13C@@H2:3](C)N", "F/C=C\\Cl", "c1ccc2-c3ccccc3-c2c1",
    ];

    private static readonly string[] _pieces =
    [
        "999999999", "-1", "NaN", "1e999", "-Infinity", "1*^-6", "*^", "%99", "[", "]", "(", ")", "=", "#", ".", "1", "c", "[nH]", "[C@TH1H]", "\n", "\r\n", "$$$$\n", "M  END\n",
        "M  CHG  8   1   1\n", "V3000", "gdb 1 ", "\t", " ", "\0", "é", "\u2028", "> <x>\n", "Xx", "  1  2  4\n", "U", "[Fe+2]", "[235U+15]",
    ];

    [Theory(Timeout = 120_000)]
    [InlineData("SMILES")]
    [InlineData("SDF")]
    [InlineData("xyz")]
    public async Task Damaged_input_is_an_error_and_nothing_else(string format)
    {
        await Task.Yield();
        string[] seeds = format switch { "SMILES" => _smiles, "SDF" => SdfSeeds(), _ => XyzSeeds() };
        Func<string, IEnumerable<Molecule>> read = format switch
        {
            "SMILES" => text => [SmilesReader.Parse(text, "fuzz", 1)],
            "SDF" => text => SdfReader.Parse(text, "fuzz").Select(record => record.Molecule),
            _ => text => XyzReader.Parse(text, "fuzz").Select(record => record.Molecule),
        };
        foreach (string seed in seeds) Assert.NotEmpty(read(seed));
        var random = new Philox(2026).Fork($"fuzz {format}");
        int refused = 0, accepted = 0;
        for (int i = 0; i < InputsPerReader; i++)
        {
            string text = Damage(seeds, random.Fork($"{i}"));
            long before = GC.GetAllocatedBytesForCurrentThread(), start = Stopwatch.GetTimestamp();
            try
            {
                foreach (var molecule in read(text)) Use(molecule);
                accepted++;
            }
            catch (MoleculeException e)
            {
                Assert.Equal("fuzz", e.File);
                Assert.True(e.Line >= 1, e.Message);
                Assert.True(e.Message.Length < 600, $"a message of {e.Message.Length} characters for input {i}");
                refused++;
            }
            catch (Exception e)
            {
                Assert.Fail($"{format} input {i} gave {e}\n{text}");
            }
            double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            long bytes = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(seconds < MostSeconds && bytes < MostBytes, $"{format} input {i} took {seconds:0.0} s and {bytes >> 10} KiB:\n{text}");
        }
        Assert.True(accepted > InputsPerReader / 40 && refused > InputsPerReader / 4, $"{accepted} accepted, {refused} refused");
    }

    // A molecule that was read can be used: its properties exist and a graph is made or refused in words.
    private static void Use(Molecule molecule)
    {
        _ = molecule.Formula;
        for (int i = 0; i < molecule.Atoms.Length; i++) _ = molecule.HybridizationOf(i);
        var options = new MoleculeGraphOptions
        {
            Representation = EdgeRepresentation.ChemicalGraph,
            Edges = MoleculeEdges.Bonds,
            ExplicitHydrogens = false,
            Elements = [.. Enumerable.Range(1, Element.All.Count)],
        };
        var graph = new MoleculeGraph(molecule, options);
        Assert.Equal(graph.Nodes * options.AtomFeatureCount, graph.AtomFeatures.Length);
    }

    private static string Damage(string[] seeds, Philox random)
    {
        uint draw = 0;
        int Below(int bound) => random.Below(draw++, bound);
        string text = seeds[Below(seeds.Length)];
        for (int count = 1 + Below(3); count > 0; count--)
        {
            int at = Below(text.Length + 1), length = Math.Min(text.Length - at, 1 + Below(1 + Below(40)));
            text = Below(9) switch
            {
                0 => text[..at],
                1 => text.Remove(at, length),
                2 => text.Insert(at, text.Substring(at, length)),
                3 => text.Insert(at, _pieces[Below(_pieces.Length)]),
                4 => text.Remove(at, length).Insert(at, _pieces[Below(_pieces.Length)]),
                5 => at == text.Length ? text : text.Remove(at, 1).Insert(at, ((char)Below(256)).ToString()),
                6 => at == text.Length ? text : text.Remove(at, 1).Insert(at, "0123456789+-=#()[]cCnNoOHF.:%@/\\"[Below(32)].ToString()),
                7 => text[..at] + (seeds[Below(seeds.Length)] is var other ? other[Below(other.Length + 1)..] : ""),
                _ => at == text.Length ? text : text.Remove(at, 1).Insert(at, ((char)(text[at] ^ (1 << Below(7)))).ToString()),
            };
            if (text.Length > 20_000) text = text[..20_000];
        }
        return text;
    }

    private static string[] SdfSeeds() =>
    [
        ChemistryFiles.Ethanol, ChemistryFiles.Ethanol + ChemistryFiles.Ethanol,
        .. GeneratedMolecules.Generate(6, seed: 3).Select(sample => ChemistryFiles.Sdf(sample.Molecule)),
        .. _smiles.Take(60).Select(smiles => ChemistryFiles.Sdf(SmilesReader.Parse(smiles).Named("from SMILES").WithExplicitHydrogens())),
    ];

    private static string[] XyzSeeds() =>
    [
        ChemistryFiles.Methane, ChemistryFiles.Methane + ChemistryFiles.Water, ChemistryFiles.Dihydroxyimidazole,
        .. GeneratedMolecules.Generate(200, seed: 3).Select(sample => ChemistryFiles.Xyz(sample.Molecule)).Where(IsRead).Take(10),
    ];

    // Atoms in random directions are sometimes near enough for bonds that were not meant.
    private static bool IsRead(string text)
    {
        try
        {
            return XyzReader.Parse(text).Count > 0;
        }
        catch (MoleculeException)
        {
            return false;
        }
    }
}
