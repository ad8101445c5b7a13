using System.Text.Json;
using System.Text.RegularExpressions;

namespace GpuNets.Training;

/// <summary>
/// A folder of checkpoints, one sub folder a step, and a file <c>latest</c> that names the newest. Killing the process at
/// any moment leaves the last good checkpoint readable: a checkpoint is written under a temporary name, forced to disk and
/// then renamed; only after that <c>latest</c> changes, and only after that old checkpoints are removed. One process
/// writes at a time.
/// </summary>
public sealed partial class CheckpointFolder
{
    private const string LatestFile = "latest";
    private const string Temporary = ".tmp";

    /// <summary>Names a folder; it is created by the first save.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="keep">How many checkpoints stay, 1 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="keep"/> is below 1.</exception>
    public CheckpointFolder(string path, int keep = 3)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentOutOfRangeException.ThrowIfLessThan(keep, 1);
        Path = path;
        Keep = keep;
    }

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>How many checkpoints stay.</summary>
    public int Keep { get; }

    /// <summary>Writes a checkpoint and removes the oldest beyond <see cref="Keep"/>.</summary>
    /// <returns>The checkpoint's folder.</returns>
    /// <exception cref="IOException">The disk is full or the folder cannot be written; earlier checkpoints stay.</exception>
    public string Save(Checkpoint checkpoint)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        Directory.CreateDirectory(Path);
        RemoveLeftovers();
        string name = FreeName(checkpoint.Run.Step);
        string folder = Full(name);
        string temporary = folder + Temporary;
        Directory.CreateDirectory(temporary);
        string model = System.IO.Path.Combine(temporary, Checkpoint.ModelFile);
        string optimizer = System.IO.Path.Combine(temporary, Checkpoint.OptimizerFile);
        checkpoint.Model.Save(model);
        checkpoint.Optimizer.Save(optimizer);
        var run = checkpoint.Run with
        {
            Saved = DateTimeOffset.UtcNow,
            Files = new Dictionary<string, FileStamp>
            {
                [Checkpoint.ModelFile] = FileStamp.Of(model),
                [Checkpoint.OptimizerFile] = FileStamp.Of(optimizer),
            },
        };
        AtomicFile.WriteText(System.IO.Path.Combine(temporary, Checkpoint.RunFile), JsonSerializer.Serialize(run, RunRecord.Json));
        AtomicFile.PublishFolder(temporary, folder);
        AtomicFile.WriteText(Full(LatestFile), name + "\n");
        RemoveOld(name);
        return folder;
    }

    /// <summary>Reads the newest checkpoint that is whole; damaged ones are passed over.</summary>
    /// <returns>The checkpoint, or null when the folder has none.</returns>
    /// <exception cref="CheckpointException">There are checkpoints but none can be read.</exception>
    public Checkpoint? LoadLatest()
    {
        List<string> problems = [];
        foreach (string name in NewestFirst())
        {
            try
            {
                return Load(Full(name));
            }
            catch (Exception e) when (e is CheckpointException or StateDictException or IOException)
            {
                problems.Add(e.Message);
            }
        }
        if (problems.Count == 0) return null;
        throw new CheckpointException(Path, $"none of {problems.Count} checkpoints can be read:\n{string.Join("\n", problems)}");
    }

    /// <summary>Reads one checkpoint.</summary>
    /// <param name="folder">The checkpoint's own folder.</param>
    /// <exception cref="CheckpointException">A file is missing or damaged.</exception>
    /// <exception cref="StateDictException">A file of tensors is damaged.</exception>
    public static Checkpoint Load(string folder)
    {
        var run = ReadRun(folder);
        foreach (string name in (string[])[Checkpoint.ModelFile, Checkpoint.OptimizerFile]) CheckFile(folder, run, name);
        return new Checkpoint(
            StateDict.Load(System.IO.Path.Combine(folder, Checkpoint.ModelFile)),
            StateDict.Load(System.IO.Path.Combine(folder, Checkpoint.OptimizerFile)), run)
        { Folder = folder };
    }

    /// <summary>Reads the parameters of one checkpoint alone.</summary>
    /// <param name="folder">The checkpoint's own folder.</param>
    /// <exception cref="CheckpointException">A file is missing or damaged.</exception>
    /// <exception cref="StateDictException">The file of tensors is damaged.</exception>
    public static StateDict LoadModel(string folder)
    {
        CheckFile(folder, ReadRun(folder), Checkpoint.ModelFile);
        return StateDict.Load(System.IO.Path.Combine(folder, Checkpoint.ModelFile));
    }

    /// <summary>
    /// The folders of the run's checkpoints, the oldest first. Those beyond the newest belong to a run that was rewound and are left out; of
    /// several at the same step the last counts.
    /// </summary>
    public IReadOnlyList<string> List()
    {
        if (!Directory.Exists(Path)) return [];
        var names = Names().ToList();
        string? latest = File.Exists(Full(LatestFile)) ? File.ReadAllText(Full(LatestFile)).Trim() : null;
        var last = names.FirstOrDefault(n => n.Name == latest);
        return [.. names.Where(n => last.Name is null || (n.Step, n.Revision).CompareTo((last.Step, last.Revision)) <= 0)
            .GroupBy(n => n.Step).OrderBy(group => group.Key).Select(group => Full(group.MaxBy(n => n.Revision).Name))];
    }

    private static void CheckFile(string folder, RunRecord run, string name)
    {
        string path = System.IO.Path.Combine(folder, name);
        if (!run.Files.TryGetValue(name, out var stamp)) throw new CheckpointException(folder, $"{Checkpoint.RunFile} does not list {name}");
        if (!File.Exists(path)) throw new CheckpointException(folder, $"{name} is missing");
        if (FileStamp.Of(path) != stamp) throw new CheckpointException(folder, $"{name} is not the file that was saved (length or SHA-256 differ)");
    }

    private static RunRecord ReadRun(string folder)
    {
        string path = System.IO.Path.Combine(folder, Checkpoint.RunFile);
        if (!File.Exists(path)) throw new CheckpointException(folder, $"{Checkpoint.RunFile} is missing");
        try
        {
            var run = JsonSerializer.Deserialize<RunRecord>(File.ReadAllText(path), RunRecord.Json)
                ?? throw new JsonException("the file holds null");
            return run.Format == RunRecord.CurrentFormat
                ? run
                : throw new CheckpointException(folder, $"{Checkpoint.RunFile} has format {run.Format}, this version reads {RunRecord.CurrentFormat}");
        }
        catch (JsonException e)
        {
            throw new CheckpointException(folder, $"{Checkpoint.RunFile} is damaged: {e.Message}", e);
        }
    }

    /// <summary>What <c>latest</c> names, then the rest by step: a crash between renaming and updating <c>latest</c> costs nothing.</summary>
    private IEnumerable<string> NewestFirst()
    {
        if (!Directory.Exists(Path)) return [];
        var names = Names().OrderDescending().Select(n => n.Name).ToList();
        string? latest = File.Exists(Full(LatestFile)) ? File.ReadAllText(Full(LatestFile)).Trim() : null;
        return latest is not null && names.Remove(latest) ? names.Prepend(latest) : names;
    }

    private IEnumerable<(long Step, int Revision, string Name)> Names() => Directory.EnumerateDirectories(Path)
        .Select(folder => NamePattern().Match(System.IO.Path.GetFileName(folder)))
        .Where(match => match.Success)
        .Select(match => (long.Parse(match.Groups[1].Value), match.Groups[2].Success ? int.Parse(match.Groups[2].Value) : 0, match.Value));

    private string FreeName(long step)
    {
        string name = $"step-{step:D9}";
        if (!Directory.Exists(Full(name))) return name;
        // A run that was taken up from an earlier checkpoint comes here again; what is there stays until the new one is safe.
        int revision = 2;
        while (Directory.Exists(Full($"{name}.{revision}"))) revision++;
        return $"{name}.{revision}";
    }

    private void RemoveOld(string newest)
    {
        var (step, revision, _) = Names().Single(n => n.Name == newest);
        // Checkpoints beyond the newest step belong to a run that was rewound; they are not this run's to remove.
        foreach (var old in Names().Where(n => (n.Step, n.Revision).CompareTo((step, revision)) <= 0).OrderDescending().Skip(Keep).ToList())
            Discard(Full(old.Name));
    }

    private void RemoveLeftovers()
    {
        foreach (string folder in Directory.GetDirectories(Path, "step-*" + Temporary)) Directory.Delete(folder, recursive: true);
        foreach (string file in Directory.GetFiles(Path, LatestFile + ".*" + Temporary)) File.Delete(file);
    }

    /// <summary>Renames first, so that a kill while the files go never leaves half a checkpoint under a proper name.</summary>
    private static void Discard(string folder)
    {
        Directory.Move(folder, folder + Temporary);
        Directory.Delete(folder + Temporary, recursive: true);
    }

    private string Full(string name) => System.IO.Path.Combine(Path, name);

    [GeneratedRegex(@"^step-(\d{9,18})(?:\.(\d{1,9}))?$")]
    private static partial Regex NamePattern();
}
