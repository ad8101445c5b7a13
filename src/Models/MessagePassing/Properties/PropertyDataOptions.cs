using GpuNets.Training;

namespace GpuNets.Models;

/// <summary>Which molecules and properties a run learns.</summary>
public sealed record PropertyDataOptions
{
    /// <summary>Where the molecules come from.</summary>
    public PropertySource Source { get; init; } = PropertySource.Generated;

    /// <summary>Folder of QM9; a name is looked up in the folder of all data sets (see <see cref="DataFolder"/>).</summary>
    public string Folder { get; init; } = "qm9";

    /// <summary>Names of QM9's targets with commas between them, or <c>all</c> for all that there are (the packed set lacks omega1); of generated molecules R2.</summary>
    public string Targets { get; init; } = "mu";

    /// <summary>Molecules to train on; of QM9 null for all of the training part.</summary>
    public int? TrainMolecules { get; init; }

    /// <summary>Molecules that decisions are made by; of QM9 null for all of the validation part, 10,000 of raw files.</summary>
    public int? ValidationMolecules { get; init; }

    /// <summary>Molecules that are reported on; of QM9 null for all of the test part, 10,000 of raw files.</summary>
    public int? TestMolecules { get; init; }

    /// <summary>The targets of QM9 that <see cref="Targets"/> names.</summary>
    /// <exception cref="ArgumentException">A name is none, or comes twice.</exception>
    internal IReadOnlyList<Qm9TargetInfo> Qm9Targets()
    {
        if (Targets.Trim().Equals("all", StringComparison.OrdinalIgnoreCase)) return [.. Qm9TargetInfo.All.Where(info => info.Target != Qm9Target.Omega1 || Source == PropertySource.Qm9Files)];
        Qm9TargetInfo[] infos = [.. Targets.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(Qm9TargetInfo.Parse)];
        if (infos.Length == 0) throw new ArgumentException("Data.Targets is empty; name a target of QM9, some with commas between them, or all.");
        if (infos.Distinct().Count() != infos.Length) throw new ArgumentException($"Data.Targets is '{Targets}', which names a target twice.");
        return infos;
    }

    /// <summary>Reads QM9.</summary>
    internal Qm9DataSet OpenQm9(ulong seed)
    {
        if (Source == PropertySource.Qm9) return Qm9DataSet.ReadPacked(Folder);
        string folder = DataFolder.Find(Folder);
        string? list = new[] { "uncharacterized.txt", "uncharacterized.txt.gz" }.Select(name => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
        var samples = XyzReader.ReadQm9Folder(folder, list is null ? null : Qm9Exclusions.Read(list));
        return Qm9DataSet.Split(samples, ValidationMolecules ?? 10_000, TestMolecules ?? 10_000, seed);
    }

    /// <summary>Refuses settings that make no sense.</summary>
    /// <exception cref="ArgumentException">A setting is out of range; the message names it.</exception>
    public void Validate()
    {
        if (!Enum.IsDefined(Source)) throw new ArgumentException($"Data.Source has no value {Source}.");
        foreach (var (name, value) in new[] { (nameof(TrainMolecules), TrainMolecules), (nameof(ValidationMolecules), ValidationMolecules), (nameof(TestMolecules), TestMolecules) })
        {
            if (value < 1) throw new ArgumentException($"Data.{name} is {value} but must be at least 1.");
            if (value > 500_000_000 && Source == PropertySource.Generated) throw new ArgumentException($"Data.{name} is {value} but must be at most 500,000,000.");
            if (value is null && Source == PropertySource.Generated) throw new ArgumentException($"Data.{name} is not given; molecules that are generated need a number.");
        }
        if (Source != PropertySource.Generated) _ = Qm9Targets();
        else if (!Targets.Trim().Equals("R2", StringComparison.OrdinalIgnoreCase)) throw new ArgumentException($"Data.Targets is '{Targets}', but generated molecules have the target R2 alone.");
    }
}
