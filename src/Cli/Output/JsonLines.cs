using System.Text.Json;
using System.Text.Json.Serialization;

namespace GpuNets.Cli;

/// <summary>Writes one JSON object per line and flushes each, so that a reader sees it at once.</summary>
internal sealed class JsonLines(TextWriter output)
{
    private static readonly JsonSerializerOptions s_options = new()
    {
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters = { new JsonStringEnumConverter() },
    };

    public void Write<T>(T line)
    {
        output.WriteLine(JsonSerializer.Serialize(line, s_options));
        output.Flush();
    }
}
