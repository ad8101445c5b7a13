namespace GpuNets.Models;

/// <summary>The hypotheses of a sentence during a beam search.</summary>
/// <param name="Sentence">Its number among the sources.</param>
/// <param name="Limit">Most tokens of a target, the end token included.</param>
/// <param name="Options">Beam, penalty, how many are wanted.</param>
/// <param name="EosId">The end token.</param>
/// <param name="PadId">The pad token, which is never said.</param>
internal sealed record BeamSentence(int Sentence, int Limit, DecodingOptions Options, int EosId, int PadId)
{
    private List<Hypothesis> _finished = [];

    /// <summary>Tokens of the hypotheses that go on, best first; at first one without tokens.</summary>
    public List<int[]> Ids { get; private set; } = [[]];

    /// <summary>Logarithms of their probabilities.</summary>
    public List<double> Logs { get; private set; } = [0];

    /// <summary>For each hypothesis that goes on, which of those before it continues.</summary>
    public List<int> Parents { get; private set; } = [0];

    /// <summary>
    /// Extends the hypotheses. Candidates are three times as many as beams, so that enough are left where some end and some are pad tokens; those that end count
    /// only among the first Beam.
    /// </summary>
    /// <param name="logs">Logarithms of the probabilities of candidates, descending.</param>
    /// <param name="places">Where they lie: number of the hypothesis times vocabulary plus token.</param>
    /// <param name="vocabulary">Tokens of the vocabulary.</param>
    /// <returns>True if the search goes on.</returns>
    public bool Extend(ReadOnlySpan<float> logs, ReadOnlySpan<int> places, int vocabulary)
    {
        List<int[]> ids = [];
        List<double> sums = [];
        List<int> parents = [];
        int length = Ids[0].Length + 1, rank = 0;
        for (int c = 0; c < logs.Length && ids.Count < Options.Beam; c++)
        {
            if (float.IsNegativeInfinity(logs[c])) break;   // rows that stand for no hypothesis
            int parent = places[c] / vocabulary, token = places[c] % vocabulary;
            if (token == PadId) continue;
            rank++;
            if (token == EosId)
            {
                if (rank <= Options.Beam) Finish(new Hypothesis(Ids[parent], logs[c], logs[c] / Options.Penalty(length), true));
                continue;
            }
            ids.Add([.. Ids[parent], token]);
            sums.Add(logs[c]);
            parents.Add(parent);
        }
        (Ids, Logs, Parents) = (ids, sums, parents);
        if (ids.Count == 0 || length == Limit) return false;
        // The best that a hypothesis can come to: no token more costs anything, and the penalty is that of the greatest length.
        return _finished.Count < Options.Best || _finished[Options.Best - 1].Score < sums[0] / Options.Penalty(Limit);
    }

    /// <summary>What was found, best first; hypotheses that were cut off fill up where too few ended.</summary>
    public IReadOnlyList<Hypothesis> Result() =>
    [
        .. _finished.Concat(Ids.Select((ids, i) => new Hypothesis(ids, Logs[i], Logs[i] / Options.Penalty(ids.Length), false))).Take(Options.Best),
    ];

    private void Finish(Hypothesis hypothesis)
    {
        _finished.Add(hypothesis);
        _finished = [.. _finished.OrderByDescending(h => h.Score).Take(Options.Beam)];
    }
}
