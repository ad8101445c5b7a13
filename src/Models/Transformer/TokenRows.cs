namespace GpuNets.Models;

/// <summary>Sentences of different lengths as the rows of a matrix.</summary>
internal static class TokenRows
{
    /// <summary>Lengths of sources.</summary>
    /// <exception cref="ArgumentException">One is empty.</exception>
    public static int[] Lengths(IReadOnlyList<int[]> sources)
    {
        int[] lengths = [.. sources.Select(source => source.Length)];
        int empty = Array.IndexOf(lengths, 0);
        if (empty >= 0) throw new ArgumentException($"Transformer: source {empty} is empty; a source has at least one token, such as the end token.", nameof(sources));
        return lengths;
    }

    /// <summary>[rows, time], short rows filled up behind.</summary>
    public static int[] Fill(IReadOnlyList<int[]> rows, int time, int pad)
    {
        int[] values = new int[rows.Count * time];
        Array.Fill(values, pad);
        for (int i = 0; i < rows.Count; i++) rows[i].CopyTo(values, i * time);
        return values;
    }
}
