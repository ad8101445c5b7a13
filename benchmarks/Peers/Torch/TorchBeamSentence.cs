namespace TorchPeers;

/// <summary>The hypotheses of a sentence in the peer's beam search, which are few numbers and kept by the host.</summary>
/// <param name="number">Its number among the sources.</param>
/// <param name="limit">Most tokens of a target, the end token included.</param>
/// <param name="beam">Hypotheses that go on.</param>
/// <param name="alpha">Of the length penalty.</param>
/// <param name="endId">The end token.</param>
internal sealed class TorchBeamSentence(int number, int limit, int beam, double alpha, int endId)
{
    private (long[] Ids, double Score)? _ended;

    public int Number => number;

    /// <summary>
    /// The hypotheses that go on, best first: tokens, logarithm of the probability, and which of those before it each continues. At first all are empty and
    /// one counts.
    /// </summary>
    public (long[] Ids, float Log, int Parent)[] Alive { get; private set; } =
        [.. Enumerable.Range(0, beam).Select(j => (Array.Empty<long>(), j == 0 ? 0 : float.NegativeInfinity, j))];

    /// <summary>The best that ended or, where none did, the best that was cut off.</summary>
    public (long[] Ids, double Score) Best => _ended ?? (Alive[0].Ids, Alive[0].Log / Penalty(Alive[0].Ids.Length));

    /// <summary>
    /// Extends the hypotheses. Twice as many candidates as beams leave enough to go on with: a hypothesis ends in one way only. Ends count among the first
    /// candidates, as many as beams.
    /// </summary>
    /// <param name="logs">Logarithms of the probabilities of candidates, descending.</param>
    /// <param name="places">Where they lie: number of the hypothesis times vocabulary plus token.</param>
    /// <param name="vocabulary">Tokens of the vocabulary.</param>
    /// <returns>True if the search goes on: the limit is not reached, and a hypothesis can still come before those that ended.</returns>
    public bool Extend(ReadOnlySpan<float> logs, ReadOnlySpan<long> places, long vocabulary)
    {
        int length = Alive[0].Ids.Length + 1, count = 0;
        var next = new (long[] Ids, float Log, int Parent)[beam];
        for (int c = 0; count < beam; c++)
        {
            var (parent, token) = Math.DivRem(places[c], vocabulary);
            long[] ids = Alive[parent].Ids;
            if (token != endId) next[count++] = ([.. ids, token], logs[c], (int)parent);
            else if (c < beam && !(_ended?.Score >= logs[c] / Penalty(length))) _ended = (ids, logs[c] / Penalty(length));
        }
        Alive = next;
        return length < limit && !(_ended?.Score >= next[0].Log / Penalty(limit));
    }

    private double Penalty(int length) => Math.Pow((5 + length) / 6.0, alpha);
}
