namespace GpuNets.Peers;

/// <summary>What searches for targets are compared by.</summary>
internal static class DecodingOutputs
{
    /// <summary>The ids of each sentence.</summary>
    public static IReadOnlyList<HostArray> Of(IEnumerable<IEnumerable<float>> ids) => [.. ids.Select((sentence, i) => Ids(i, [.. sentence]))];

    /// <summary>The ids of each sentence, and the scores of all.</summary>
    public static IReadOnlyList<HostArray> Of(IEnumerable<IEnumerable<float>> ids, IEnumerable<double> scores)
    {
        float[] values = [.. scores.Select(score => (float)score)];
        return [.. Of(ids), new HostArray("scores", [values.Length], values)];
    }

    private static HostArray Ids(int sentence, float[] ids) => new($"sentence {sentence}", [ids.Length], ids);
}
