using System.Collections.Immutable;
using System.Numerics;

namespace GpuNets.Training;

/// <summary>Reads the packed subset of QM9: arrays over all molecules with offsets.</summary>
internal static class PackedQm9
{
    private const string FileName = "qm9_subset.npz";
    private const string SmilesName = "qm9_subset.smiles.txt.gz";

    public static Qm9DataSet Read(string folder)
    {
        string path = Path.Combine(folder, FileName);
        using var file = new NpzFile(path);
        int[] ids = Array(file, "gdb_id"), splits = Array(file, "split"), atomOffsets = Array(file, "atom_offset"), bondOffsets = Array(file, "bond_offset");
        int count = ids.Length;
        var atoms = AtomsOf(file, path);
        var bonds = file["bonds"];
        Expect(path, "bonds", bonds.Shape is [_, 3], $"expected shape [bonds, 3], got [{string.Join(", ", bonds.Shape)}]");
        int[] ends = bonds.ToInt32();
        var targets = file["targets"];
        Expect(path, "targets", targets.Shape is [_, Qm9Properties.Count] && targets.Shape[0] == count,
            $"expected shape [{count}, {Qm9Properties.Count}], got [{string.Join(", ", targets.Shape)}]");
        double[] values = targets.ToDoubles();
        Expect(path, "split", splits.Length == count && System.Array.TrueForAll(splits, split => split is >= 0 and <= 2), $"expected {count} numbers from 0 to 2");
        CheckOffsets(path, "atom_offset", atomOffsets, count, atoms.Length);
        CheckOffsets(path, "bond_offset", bondOffsets, count, ends.Length / 3);
        var smiles = SmilesOf(folder, count);
        var samples = new Qm9Sample[count];
        for (int m = 0; m < count; m++)
        {
            var molecule = MoleculeOf(
                path, m, ids[m], atoms.AsSpan(atomOffsets[m]..atomOffsets[m + 1]), ends.AsSpan((3 * bondOffsets[m])..(3 * bondOffsets[m + 1])));
            samples[m] = new Qm9Sample(ids[m], molecule, new Qm9Properties([.. values.AsSpan(m * Qm9Properties.Count, Qm9Properties.Count)]), smiles[m]);
        }
        return new Qm9DataSet(samples, [.. splits.Select(split => (CorpusSplit)split)]);
    }

    private static Atom[] AtomsOf(NpzFile file, string path)
    {
        int[] numbers = Array(file, "z"), flags = Array(file, "atom_flags"), charges = Array(file, "formal_charge");
        float[] positions = file["pos"].ToFloats();
        Expect(path, "pos", positions.Length == 3 * numbers.Length, $"expected {numbers.Length} positions, got {positions.Length} numbers");
        Expect(path, "atom_flags", flags.Length == numbers.Length, $"expected {numbers.Length} numbers, got {flags.Length}");
        Expect(path, "formal_charge", charges.Length == numbers.Length, $"expected {numbers.Length} numbers, got {charges.Length}");
        var atoms = new Atom[numbers.Length];
        for (int i = 0; i < atoms.Length; i++)
        {
            if (numbers[i] < 1 || numbers[i] > Element.All.Count) throw new DataFileException(path, "z", $"element {i} is {numbers[i]}, which is no atomic number");
            atoms[i] = new Atom(Element.Of(numbers[i]))
            {
                FormalCharge = charges[i],
                IsAromatic = (flags[i] & 1) != 0,
                Position = new Vector3(positions[3 * i], positions[3 * i + 1], positions[3 * i + 2]),
            };
        }
        return atoms;
    }

    private static Molecule MoleculeOf(string path, int index, int id, ReadOnlySpan<Atom> atoms, ReadOnlySpan<int> ends)
    {
        var bonds = ImmutableArray.CreateBuilder<Bond>(ends.Length / 3);
        for (int b = 0; b < ends.Length; b += 3) bonds.Add(new Bond(ends[b], ends[b + 1], (BondKind)ends[b + 2]));
        try
        {
            var molecule = new Molecule([.. atoms], bonds.MoveToImmutable(), $"gdb {id}");
            molecule.CheckValences();
            return molecule;
        }
        catch (MoleculeException e)
        {
            throw new MoleculeException(path, null, $"molecule {index}: {e.Problem}", e);
        }
    }

    private static IReadOnlyList<string> SmilesOf(string folder, int count)
    {
        string path = Path.Combine(folder, SmilesName);
        if (!File.Exists(path)) return [.. Enumerable.Repeat("", count)];
        var lines = TextFile.ReadLines(path);
        return lines.Count == count ? lines : throw new DataFileException(path, null, $"{lines.Count} lines for {count} molecules");
    }

    private static int[] Array(NpzFile file, string name) => file[name].ToInt32();

    private static void CheckOffsets(string path, string name, int[] offsets, int count, int total)
    {
        bool good = offsets.Length == count + 1 && offsets[0] == 0 && offsets[^1] == total;
        for (int i = 0; good && i < count; i++) good = offsets[i] <= offsets[i + 1];
        Expect(path, name, good, $"expected {count + 1} rising numbers from 0 to {total}");
    }

    private static void Expect(string path, string name, bool condition, string problem)
    {
        if (!condition) throw new DataFileException(path, name, problem);
    }
}
