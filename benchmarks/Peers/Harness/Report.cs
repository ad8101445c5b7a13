using System.Text.Json;
using System.Text.Json.Serialization;

namespace GpuNets.Peers;

/// <summary>One line of the output. Times are milliseconds of one run; a ratio above 1 says that GpuNets is faster.</summary>
internal sealed record Report(string Case, string? Device)
{
    private static readonly JsonSerializerOptions Format = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public double? OursMs { get; init; }
    public double? OursP25 { get; init; }
    public double? OursP75 { get; init; }
    public double? PeerMs { get; init; }
    public double? PeerP25 { get; init; }
    public double? PeerP75 { get; init; }
    public double? OursCpuMs { get; init; }
    public double? PeerCpuMs { get; init; }
    public double? OursFaults { get; init; }
    public double? PeerFaults { get; init; }
    public double? OursUs { get; init; }
    public double? PeerUs { get; init; }
    public double? Ratio { get; init; }
    public double? CpuRatio { get; init; }
    public double? Mark { get; init; }
    public double? MarkUs { get; init; }
    public int? PeerThreads { get; init; }
    public double? MaxRelDiff { get; init; }

    /// <summary>How far the peer is off its own results in double, where it is too far; the largest difference is then that of ours from these.</summary>
    public double? PeerOff { get; init; }
    public string? WorstOutput { get; init; }
    public double? Bound { get; init; }
    public string? Error { get; init; }

    /// <summary>Whether every mark of the case is reached; null where it has none or was not measured against both sides.</summary>
    [JsonIgnore]
    public bool? Reached => (Mark is null && MarkUs is null) || Ratio is null
        ? null
        : (Mark is not { } ratio || Ratio >= ratio) && (MarkUs is not { } microseconds || OursUs < microseconds);

    /// <summary>The report as one line of JSON; numbers to five significant digits.</summary>
    public string ToJson() => JsonSerializer.Serialize(this with
    {
        OursMs = Round(OursMs),
        OursP25 = Round(OursP25),
        OursP75 = Round(OursP75),
        PeerMs = Round(PeerMs),
        PeerP25 = Round(PeerP25),
        PeerP75 = Round(PeerP75),
        OursCpuMs = Round(OursCpuMs),
        PeerCpuMs = Round(PeerCpuMs),
        CpuRatio = Round(CpuRatio),
        OursFaults = Round(OursFaults),
        PeerFaults = Round(PeerFaults),
        OursUs = Round(OursUs),
        PeerUs = Round(PeerUs),
        Ratio = Round(Ratio),
        MaxRelDiff = Round(MaxRelDiff),
        PeerOff = Round(PeerOff),
    }, Format);

    private static double? Round(double? value)
    {
        if (value is not { } number || number == 0 || !double.IsFinite(number)) return value;
        return double.Parse(number.ToString("G5"));
    }
}
