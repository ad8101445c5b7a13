using System.Text.Json;
using System.Text.Json.Serialization;

namespace GpuNets.GpuBenchmarks;

/// <summary>A row of <c>cases.json</c>, which the PyTorch side reads, too.</summary>
/// <param name="Name">What the table calls it.</param>
/// <param name="Kind">Which work; see <see cref="WorkFactory"/>.</param>
/// <param name="Sizes">Sizes of the work by name.</param>
/// <param name="Tiny">The same for a trial run on any machine.</param>
internal sealed record BenchmarkCase(string Name, string Kind, Dictionary<string, int> Sizes, Dictionary<string, int> Tiny)
{
    /// <summary>"forward", or "train" for forward and all gradients.</summary>
    public string Mode { get; init; } = "forward";

    /// <summary>What a second table counts per second, beside the largest memory, for which the case opens the device anew; null: it is not in that table.</summary>
    public string? Unit { get; init; }

    /// <summary>How products may round.</summary>
    public Precision Precision { get; init; } = Precision.Float32;

    /// <summary>All cases of a file.</summary>
    public static IReadOnlyList<BenchmarkCase> Read(string path) =>
        JsonSerializer.Deserialize<List<BenchmarkCase>>(File.ReadAllText(path), s_options) ?? throw new InvalidDataException($"{path} holds no cases.");

    private static readonly JsonSerializerOptions s_options = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() } };
}
