using System.Text.Json;

namespace GpuNets.Training;

/// <summary>The folder of one training run: <c>options.json</c>, <c>metrics.jsonl</c>, <c>checkpoints/</c>, <c>best/</c>, <c>plots/</c>.</summary>
public sealed class RunFolder
{
    private const string OptionsName = "options.json";

    private RunFolder(string path) => Path = path;

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>The options of the run.</summary>
    public string OptionsFile => System.IO.Path.Combine(Path, OptionsName);

    /// <summary>Metrics, one JSON object a line; see <see cref="MetricsLog"/>.</summary>
    public string MetricsFile => System.IO.Path.Combine(Path, "metrics.jsonl");

    /// <summary>Checkpoints; see <see cref="CheckpointFolder"/>.</summary>
    public string CheckpointsFolder => System.IO.Path.Combine(Path, "checkpoints");

    /// <summary>The checkpoint of the best report, when one is watched: a <see cref="CheckpointFolder"/> of one.</summary>
    public string BestFolder => System.IO.Path.Combine(Path, "best");

    /// <summary>Pictures.</summary>
    public string PlotsFolder => System.IO.Path.Combine(Path, "plots");

    /// <summary>Starts a run in a folder that holds none yet.</summary>
    /// <param name="path">The folder; created if needed.</param>
    /// <param name="options">The options, written as JSON.</param>
    /// <exception cref="IOException">The folder holds a run already, or cannot be written.</exception>
    public static RunFolder Create(string path, object options)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(options);
        var folder = new RunFolder(path);
        if (File.Exists(folder.OptionsFile))
            throw new IOException($"{path} holds a run already; resume it or choose another folder.");
        Directory.CreateDirectory(folder.PlotsFolder);
        Directory.CreateDirectory(folder.CheckpointsFolder);
        AtomicFile.WriteText(folder.OptionsFile, JsonSerializer.Serialize(options, options.GetType(), RunRecord.Json));
        return folder;
    }

    /// <summary>Starts a run in a new folder of <paramref name="root"/> named after the run and the time.</summary>
    /// <param name="root">The folder that holds runs, for example <c>runs</c>.</param>
    /// <param name="name">What the run is, for example <c>ntm-copy</c>.</param>
    /// <param name="options">The options, written as JSON.</param>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public static RunFolder CreateUnder(string root, string name, object options)
    {
        string wanted = System.IO.Path.Combine(root, $"{name}-{DateTime.UtcNow:yyyyMMdd-HHmmss}");
        string path = wanted;
        for (int i = 2; Directory.Exists(path); i++) path = $"{wanted}-{i}";
        return Create(path, options);
    }

    /// <summary>Opens the folder of an earlier run.</summary>
    /// <exception cref="DirectoryNotFoundException">The folder is not there.</exception>
    /// <exception cref="FileNotFoundException">The folder holds no run.</exception>
    public static RunFolder Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!Directory.Exists(path)) throw new DirectoryNotFoundException($"There is no folder {path}.");
        var folder = new RunFolder(path);
        return File.Exists(folder.OptionsFile)
            ? folder
            : throw new FileNotFoundException($"{path} holds no run: {OptionsName} is missing.", folder.OptionsFile);
    }

    /// <summary>Reads the options back.</summary>
    /// <exception cref="DataFileException">The file does not hold options of this type.</exception>
    public T ReadOptions<T>() where T : class
    {
        try
        {
            return JsonSerializer.Deserialize<T>(File.ReadAllText(OptionsFile), RunRecord.Json) ?? throw new JsonException("the file holds null");
        }
        catch (JsonException e)
        {
            throw new DataFileException(OptionsFile, null, $"no {typeof(T).Name}: {e.Message}", e);
        }
    }

    /// <summary>Reads the metrics so far; none yet is an empty list.</summary>
    /// <exception cref="DataFileException">A line other than the last is damaged.</exception>
    public IReadOnlyList<MetricsLine> ReadMetrics() => File.Exists(MetricsFile) ? MetricsLog.Read(MetricsFile) : [];

    /// <inheritdoc/>
    public override string ToString() => Path;
}
