namespace GpuNets.Training;

/// <summary>Molecules of QM9 in training, validation and test parts.</summary>
public sealed class Qm9DataSet
{
    private readonly CorpusSplit[] _splits;

    /// <summary>A data set of molecules and the part each belongs to.</summary>
    /// <param name="samples">The molecules.</param>
    /// <param name="splits">The part of each.</param>
    /// <exception cref="ArgumentException">The two differ in number.</exception>
    public Qm9DataSet(IReadOnlyList<Qm9Sample> samples, IReadOnlyList<CorpusSplit> splits)
    {
        ArgumentNullException.ThrowIfNull(samples);
        ArgumentNullException.ThrowIfNull(splits);
        if (samples.Count != splits.Count) throw new ArgumentException($"Qm9DataSet: {samples.Count} molecules but {splits.Count} parts.", nameof(splits));
        (Samples, _splits) = (samples, [.. splits]);
    }

    /// <summary>All molecules.</summary>
    public IReadOnlyList<Qm9Sample> Samples { get; }

    /// <summary>The molecules of a part, in the order of the data set.</summary>
    public IReadOnlyList<Qm9Sample> this[CorpusSplit split] => [.. Samples.Where((_, i) => _splits[i] == split)];

    /// <summary>
    /// Reads the packed subset of 12,089 molecules with its fixed parts (10,089, 1,000, 1,000). Not an unbiased sample of QM9: it has hardly any
    /// fluorine and misses molecules whose bonds could not be settled, so errors on it are not comparable with published ones. No Omega1.
    /// </summary>
    /// <param name="folder">Folder with <c>qm9_subset.npz</c>; a name is looked up by <see cref="DataFolder.Find"/>.</param>
    /// <exception cref="DataFileException">An array is missing, damaged or does not fit the others.</exception>
    /// <exception cref="MoleculeException">A molecule makes no sense.</exception>
    /// <exception cref="IOException">A file or the folder is not there or cannot be read.</exception>
    public static Qm9DataSet ReadPacked(string folder = "qm9") => PackedQm9.Read(DataFolder.Find(folder));

    /// <summary>
    /// Splits molecules at random as the paper does: the first parts of a shuffled order are validation and test, the rest is for training.
    /// </summary>
    /// <param name="samples">The molecules.</param>
    /// <param name="validation">Molecules for validation (10,000 in the paper).</param>
    /// <param name="test">Molecules for the test (10,000 in the paper).</param>
    /// <param name="seed">Seed of the order.</param>
    /// <exception cref="ArgumentOutOfRangeException">More are asked for than there are, or a number is negative.</exception>
    public static Qm9DataSet Split(IReadOnlyList<Qm9Sample> samples, int validation, int test, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(samples);
        ArgumentOutOfRangeException.ThrowIfNegative(validation);
        ArgumentOutOfRangeException.ThrowIfNegative(test);
        if ((long)validation + test > samples.Count)
            throw new ArgumentOutOfRangeException(
                nameof(validation), $"Qm9DataSet: {validation} molecules for validation and {test} for the test are asked for, but there are {samples.Count}.");
        int[] order = new int[samples.Count];
        var random = new Philox(seed).Fork("parts of QM9");
        for (int i = 0; i < order.Length; i++)
        {
            int other = random.Below((uint)i, i + 1);
            (order[i], order[other]) = (order[other], i);
        }
        var splits = new CorpusSplit[order.Length];
        for (int i = 0; i < validation + test; i++) splits[order[i]] = i < validation ? CorpusSplit.Validation : CorpusSplit.Test;
        return new Qm9DataSet(samples, splits);
    }

    /// <summary>The same molecules without some, for instance those of <see cref="Qm9Exclusions"/>.</summary>
    /// <param name="ids">Numbers in QM9 of the molecules to leave out.</param>
    public Qm9DataSet Without(IReadOnlySet<int> ids)
    {
        ArgumentNullException.ThrowIfNull(ids);
        int[] kept = [.. Enumerable.Range(0, Samples.Count).Where(i => !ids.Contains(Samples[i].Id))];
        return new Qm9DataSet([.. kept.Select(i => Samples[i])], [.. kept.Select(i => _splits[i])]);
    }

    /// <inheritdoc/>
    public override string ToString() =>
        $"Qm9DataSet({string.Join(", ", Enum.GetValues<CorpusSplit>().Select(split => $"{_splits.Count(s => s == split)} {split}"))})";
}
