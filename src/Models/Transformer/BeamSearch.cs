namespace GpuNets.Models;

/// <summary>
/// Beam search (Wu et al. 2016, section 7): the best hypotheses of each sentence go on together; those that end compete by their score. A sentence is done when
/// no hypothesis that goes on can come before those found, and leaves the batch.
/// </summary>
internal static class BeamSearch
{
    /// <inheritdoc cref="GreedySearch.Run"/>
    public static IReadOnlyList<Hypothesis>[] Run(Transformer model, IReadOnlyList<int[]> sources, int[] limits, DecodingOptions options)
    {
        var device = model.Device;
        int beam = options.Beam, vocabulary = model.Options.TargetVocabulary, candidates = Math.Min(3 * beam, beam * vocabulary);
        using var state = new DecoderState(model, sources, beam);
        var found = new IReadOnlyList<Hypothesis>[sources.Count];
        BeamSentence[] alive = [.. sources.Select((_, i) => new BeamSentence(i, limits[i], options, model.Options.EosId, model.Options.PadId))];
        int[] last = [.. Enumerable.Repeat(model.Options.BosId, alive.Length * beam)];
        while (alive.Length > 0)
        {
            // Rows beyond the hypotheses of a sentence stand for none.
            float[] sums = new float[alive.Length * beam], logs;
            Array.Fill(sums, float.NegativeInfinity);
            for (int i = 0; i < alive.Length; i++)
                for (int j = 0; j < alive[i].Logs.Count; j++) sums[i * beam + j] = (float)alive[i].Logs[j];
            int[] places;
            using (device.Scope())
            {
                var steps = state.Step(device.Indices(last, (last.Length, 1))).LogSoftmax() + device.Tensor(sums, (last.Length, 1));
                var (best, index) = steps.Reshape(alive.Length, beam * vocabulary).TopK(candidates);
                (logs, places) = (best.ToArray(), index.ToArray());
            }
            List<int> rows = [], tokens = [];
            var stay = new List<BeamSentence>();
            for (int i = 0; i < alive.Length; i++)
            {
                var sentence = alive[i];
                if (!sentence.Extend(logs.AsSpan(i * candidates, candidates), places.AsSpan(i * candidates, candidates), vocabulary))
                {
                    found[sentence.Sentence] = sentence.Result();
                    continue;
                }
                stay.Add(sentence);
                for (int j = 0; j < beam; j++)
                {
                    int hypothesis = Math.Min(j, sentence.Ids.Count - 1);
                    rows.Add(i * beam + sentence.Parents[hypothesis]);
                    tokens.Add(sentence.Ids[hypothesis][^1]);
                }
            }
            (alive, last) = ([.. stay], [.. tokens]);
            if (alive.Length > 0) state.Take([.. rows]);
        }
        return found;
    }
}
