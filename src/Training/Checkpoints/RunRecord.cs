using System.Text.Json;
using System.Text.Json.Serialization;

namespace GpuNets.Training;

/// <summary>The part of a checkpoint that is no tensor (<c>run.json</c>): where the run stood and what it was.</summary>
public sealed record RunRecord
{
    internal const int CurrentFormat = 1;

    /// <summary>How everything in a run folder is written as JSON: camel case, enums by name.</summary>
    public static JsonSerializerOptions Json { get; } = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    /// <summary>Version of this file's layout.</summary>
    public int Format { get; init; } = CurrentFormat;

    /// <summary>What was trained, for example <c>ntm-copy</c>.</summary>
    public required string Task { get; init; }

    /// <summary>Updates done.</summary>
    public required long Step { get; init; }

    /// <summary>
    /// Seed of the run. Random numbers are functions of the seed, a stream and a counter, so seed and step are the whole
    /// random state.
    /// </summary>
    public required ulong Seed { get; init; }

    /// <summary>Seconds spent in updates.</summary>
    public double Seconds { get; init; }

    /// <summary>The best report so far; null when no measure is watched.</summary>
    public BestReport? Best { get; init; }

    /// <summary>The options of the run as they were given; null when it has none.</summary>
    public JsonElement? Options { get; init; }

    /// <summary>Versions of what wrote it.</summary>
    public IReadOnlyDictionary<string, string> Versions { get; init; } = new Dictionary<string, string>();

    /// <summary>Length and SHA-256 of the other files, so that a reader can tell a whole checkpoint from a damaged one.</summary>
    public IReadOnlyDictionary<string, FileStamp> Files { get; init; } = new Dictionary<string, FileStamp>();

    /// <summary>When it was written.</summary>
    public DateTimeOffset Saved { get; init; }

    /// <summary>Versions of this library, .NET and the operating system.</summary>
    public static IReadOnlyDictionary<string, string> CurrentVersions() => new Dictionary<string, string>
    {
        ["gpunets"] = typeof(RunRecord).Assembly.GetName().Version?.ToString(3) ?? "unknown",
        ["dotnet"] = Environment.Version.ToString(),
        ["os"] = System.Runtime.InteropServices.RuntimeInformation.OSDescription,
    };
}
