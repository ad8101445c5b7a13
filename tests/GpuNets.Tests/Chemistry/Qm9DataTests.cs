using System.IO.Compression;
using GpuNets.Tests.Text;
using GpuNets.Training;

namespace GpuNets.Tests.Chemistry;

/// <summary>Targets, units, parts and files of QM9.</summary>
public sealed class Qm9DataTests
{
    [Fact(Timeout = 20_000)]
    public async Task The_13_targets_have_the_units_and_accuracies_of_the_paper()
    {
        await Task.Yield();
        Assert.Equal(
            "mu Debye .1, alpha Bohr^3 .1, homo eV .043, lumo eV .043, gap eV .043, R2 Bohr^2 1.2, ZPVE eV .0012, U0 eV .043, U eV .043, H eV .043, G eV .043, Cv cal/(mol K) .05, omega1 cm^-1 10",
            string.Join(", ", Qm9TargetInfo.All.Select(info => $"{info.Name} {info.Unit} {info.ChemicalAccuracy:#.####}")));
        Assert.Equal(Enum.GetValues<Qm9Target>(), Qm9TargetInfo.All.Select(info => info.Target));
        Assert.Equal(Qm9Target.Zpve, Qm9TargetInfo.Parse("zpve").Target);
        Assert.Contains("mu, alpha, homo", Assert.Throws<ArgumentException>(() => Qm9TargetInfo.Parse("charge")).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => Qm9TargetInfo.Of((Qm9Target)13));
    }

    [Fact(Timeout = 20_000)]
    public async Task References_of_atoms_are_those_of_the_official_file_and_of_the_literature()
    {
        await Task.Yield();
        // eV, as PyTorch Geometric lists them.
        double[][] expected =
        [
            [-13.61312172, -1029.86312267, -1485.30251237, -2042.61123593, -2713.48485589], [-13.5745904, -1029.82456413, -1485.26398105, -2042.5727046, -2713.44632457],
            [-13.54887564, -1029.79887659, -1485.2382935, -2042.54701705, -2713.42063702], [-13.90303183, -1030.25891228, -1485.71166277, -2043.01812778, -2713.88796536],
        ];
        int[] numbers = [1, 6, 7, 8, 9];
        Qm9Target[] targets = [Qm9Target.U0, Qm9Target.U, Qm9Target.H, Qm9Target.G];
        for (int t = 0; t < 4; t++)
            for (int e = 0; e < 5; e++)
                Assert.Equal(expected[t][e], AtomicReferences.Of(targets[t], Element.Of(numbers[e])), 1e-4);
        Assert.Throws<ArgumentException>(() => AtomicReferences.Of(Qm9Target.Mu, Element.Carbon));
        Assert.Throws<ArgumentException>(() => AtomicReferences.Of(Qm9Target.U0, Element.Of(17)));
        Assert.Contains("atom 2 is Cl", Assert.Throws<MoleculeException>(() => AtomicReferences.Of(Qm9Target.U0, SmilesReader.Parse("CCl"))).Message, StringComparison.Ordinal);
        // Implicit hydrogens count.
        Assert.Equal(expected[0][1] + 4 * expected[0][0], AtomicReferences.Of(Qm9Target.U0, SmilesReader.Parse("C")), 1e-3);
        foreach (string line in File.ReadLines(Path.Combine(TestData.Folder("qm9"), "atomref.txt")))
        {
            string[] words = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (words.Length != 7 || !Element.TryFind(words[0], out var element)) continue;
            for (int t = 0; t < 4; t++)
                Assert.Equal(double.Parse(words[t + 2], System.Globalization.CultureInfo.InvariantCulture) * Qm9TargetInfo.ElectronvoltsPerHartree, AtomicReferences.Of(targets[t], element), 1e-9);
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task The_packed_subset_has_its_parts_and_plausible_targets()
    {
        await Task.Yield();
        var data = Qm9DataSet.ReadPacked(TestData.Folder("qm9"));
        Assert.Equal([10_089, 1000, 1000], Enum.GetValues<CorpusSplit>().Select(split => data[split].Count));
        Assert.Equal(12_089, data.Samples.Select(sample => sample.Id).Distinct().Count());
        Assert.All(data.Samples, sample => Assert.Equal($"gdb {sample.Id}", sample.Molecule.Name));
        var excluded = Qm9Exclusions.Read(Path.Combine(TestData.Folder("qm9"), "uncharacterized.txt.gz"));
        Assert.Equal(12_089, data.Without(excluded).Samples.Count);
        Assert.Equal(12_088, data.Without(new HashSet<int> { data.Samples[5].Id }).Samples.Count);
        // Mean and deviation over the whole of QM9 (eV, Debye, ...) as published beside its loaders; the subset is a biased sample, so loosely.
        foreach (var (target, mean, deviation) in ((Qm9Target, double, double)[])[
            (Qm9Target.Mu, 2.7, 1.5), (Qm9Target.Alpha, 75.2, 8.2), (Qm9Target.Homo, -6.5, 0.6), (Qm9Target.Lumo, 0.3, 1.3), (Qm9Target.Gap, 6.8, 1.3),
            (Qm9Target.R2, 1190, 280), (Qm9Target.Zpve, 4.05, 0.9), (Qm9Target.U0, -76.1, 10.3), (Qm9Target.U, -76.6, 10.4), (Qm9Target.H, -77.0, 10.5), (Qm9Target.G, -70.8, 9.5), (Qm9Target.Cv, 31.6, 4.1)])
        {
            double[] values = [.. data.Samples.Select(sample => sample.Target(target))];
            var standardization = TargetStandardization.Of(values);
            Assert.Equal(mean, standardization.Means[0], 0.1 * Math.Max(deviation, 0.4 * Math.Abs(mean)));
            Assert.Equal(deviation, standardization.Deviations[0], 0.15 * deviation);
        }
        Assert.Contains("only the raw xyz files", Assert.Throws<MoleculeException>(() => data.Samples[0].Target(Qm9Target.Omega1)).Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = 20_000)]
    public async Task Standardisation_goes_there_and_back()
    {
        await Task.Yield();
        // Two targets of four molecules: 1 2 3 6 (mean 3, deviation sqrt 3.5) and a constant.
        var two = TargetStandardization.Of([1, 5, 2, 5, 3, 5, 6, 5], 2);
        Assert.Equal([3, 5], two.Means);
        Assert.Equal([Math.Sqrt(3.5), 1], two.Deviations);
        Assert.Equal(6, two.Restore(two.Standardize(6)), 1e-12);
        Assert.Equal((2.0, 7.0), (two.Standardize(7, 1), two.Restore(2, 1)));
        // Total energies are large beside their spread.
        double[] energies = [.. Enumerable.Range(0, 1000).Select(i => -11_000 + 1e-3 * (i % 7))];
        Assert.Equal(2e-3, TargetStandardization.Of(energies).Deviations[0], 1e-5);
        Assert.Throws<ArgumentException>(() => TargetStandardization.Of([]));
        Assert.Throws<ArgumentException>(() => TargetStandardization.Of([1, 2, 3], 2));
        Assert.Contains("target 1 of molecule 0 is NaN", Assert.Throws<ArgumentException>(() => TargetStandardization.Of([1, double.NaN], 2)).Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = 20_000)]
    public async Task Random_parts_are_disjoint_whole_and_repeatable()
    {
        await Task.Yield();
        var sample = XyzReader.Parse(ChemistryFiles.Methane)[0].ToSample();
        Qm9Sample[] samples = [.. Enumerable.Range(1, 100).Select(id => sample with { Id = id })];
        int[] Ids(Qm9DataSet data, CorpusSplit split) => [.. data[split].Select(s => s.Id)];
        var data = Qm9DataSet.Split(samples, validation: 10, test: 20, seed: 1);
        Assert.Equal([70, 10, 20], Enum.GetValues<CorpusSplit>().Select(split => data[split].Count));
        Assert.Equal(Enumerable.Range(1, 100), Enum.GetValues<CorpusSplit>().SelectMany(split => Ids(data, split)).Order());
        Assert.Equal(Ids(data, CorpusSplit.Test), Ids(Qm9DataSet.Split(samples, 10, 20, 1), CorpusSplit.Test));
        Assert.NotEqual(Ids(data, CorpusSplit.Test), Ids(Qm9DataSet.Split(samples, 10, 20, 2), CorpusSplit.Test));
        Assert.Throws<ArgumentOutOfRangeException>(() => Qm9DataSet.Split(samples, 60, 41, 1));
    }

    [Fact(Timeout = 20_000)]
    public async Task A_folder_of_raw_files_is_a_list_of_samples()
    {
        await Task.Yield();
        using var temp = new TempFolder();
        Assert.Contains("no xyz files", Assert.Throws<DataFileException>(() => XyzReader.ReadQm9Folder(temp.Path)).Message, StringComparison.Ordinal);
        File.WriteAllText(temp.File("dsgdb9nsd_000880.xyz"), ChemistryFiles.Dihydroxyimidazole);
        File.WriteAllText(temp.File("dsgdb9nsd_000001.xyz"), ChemistryFiles.Methane);
        Assert.Equal([1, 880], XyzReader.ReadQm9Folder(temp.Path).Select(sample => sample.Id));
        Assert.Equal([880], XyzReader.ReadQm9Folder(temp.Path, new HashSet<int> { 1, 2 }).Select(sample => sample.Id));
        File.WriteAllText(temp.File("plain.xyz"), "1\n\nHe 0 0 0\n");
        var refused = new List<MoleculeException>();
        Assert.Equal([1, 880], XyzReader.ReadQm9Folder(temp.Path, refused: refused).Select(sample => sample.Id));
        Assert.Equal(temp.File("plain.xyz"), Assert.Single(refused).File);
        Assert.Contains("no QM9 record", Assert.Throws<MoleculeException>(() => XyzReader.ReadQm9Folder(temp.Path)).Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_damaged_packed_set_is_named()
    {
        await Task.Yield();
        string source = Path.Combine(TestData.Folder("qm9"), "qm9_subset.npz");
        using var temp = new TempFolder();
        Assert.Throws<FileNotFoundException>(() => Qm9DataSet.ReadPacked(temp.Path));
        string copy = temp.File("qm9_subset.npz");
        void Change(string entry, Action<byte[]> edit)
        {
            File.Copy(source, copy, overwrite: true);
            File.SetAttributes(copy, FileAttributes.Normal);
            using var zip = ZipFile.Open(copy, ZipArchiveMode.Update);
            var old = zip.GetEntry(entry + ".npy")!;
            using var bytes = new MemoryStream();
            using (var stream = old.Open()) stream.CopyTo(bytes);
            old.Delete();
            byte[] content = bytes.ToArray();
            edit(content);
            using var target = zip.CreateEntry(entry + ".npy").Open();
            target.Write(content);
        }
        Change("z", bytes => bytes[^1] = 0);
        Assert.Contains("z: element 219139 is 0, which is no atomic number", Assert.Throws<DataFileException>(() => Qm9DataSet.ReadPacked(temp.Path)).Message, StringComparison.Ordinal);
        Change("split", bytes => bytes[^1] = 9);
        Assert.Contains("split: expected 12089 numbers from 0 to 2", Assert.Throws<DataFileException>(() => Qm9DataSet.ReadPacked(temp.Path)).Message, StringComparison.Ordinal);
        Change("atom_offset", bytes => bytes[^5] = 255);
        Assert.Contains("atom_offset: expected 12090 rising numbers", Assert.Throws<DataFileException>(() => Qm9DataSet.ReadPacked(temp.Path)).Message, StringComparison.Ordinal);
        Change("bonds", bytes => bytes[^1] = 7);
        var error = Assert.Throws<MoleculeException>(() => Qm9DataSet.ReadPacked(temp.Path));
        Assert.Equal(copy, error.File);
        Assert.Contains("molecule 12088", error.Message, StringComparison.Ordinal);
        Change("bonds", bytes => bytes[^1] = 3);
        Assert.Contains("has a valence of", Assert.Throws<MoleculeException>(() => Qm9DataSet.ReadPacked(temp.Path)).Message, StringComparison.Ordinal);
        Change("pos", bytes => bytes.AsSpan(^4..).Fill(0xFF));
        Assert.Contains("NaN", Assert.Throws<MoleculeException>(() => Qm9DataSet.ReadPacked(temp.Path)).Message, StringComparison.Ordinal);
    }
}
