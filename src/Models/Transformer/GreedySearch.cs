using GpuNets.Kernels;

namespace GpuNets.Models;

/// <summary>
/// The likeliest token at each step but the pad token, until it is the end token. The device finds the first two; the host reads no more, to see who has finished.
/// Where the device records launches, a step is one; elsewhere sentences that have ended leave the batch.
/// </summary>
internal static class GreedySearch
{
    /// <summary>Decodes a batch.</summary>
    /// <param name="model">The model.</param>
    /// <param name="sources">Ids of each source.</param>
    /// <param name="limits">Most tokens of each target, the end token included.</param>
    /// <param name="options">Length penalty.</param>
    /// <param name="newGraph">Makes what records steps; null for what the device has.</param>
    public static Hypothesis[] Run(Transformer model, IReadOnlyList<int[]> sources, int[] limits, DecodingOptions options, Func<ILaunchGraph?>? newGraph = null)
    {
        var device = model.Device;
        bool captures = (newGraph is not null || device.HasGraphs) && sources.Count <= CapturedDecoding.MostRows;
        using var state = captures ? new DecoderState(model, sources, beams: 1, limits.Max()) : new DecoderState(model, sources, beams: 1);
        using var captured = captures ? new CapturedDecoding(model, state, newGraph ?? device.NewGraph) : null;
        int[] alive = [.. Enumerable.Range(0, sources.Count)];
        var found = new Hypothesis[sources.Count];
        var ids = new List<int>[sources.Count];
        double[] logs = new double[sources.Count];
        for (int i = 0; i < ids.Length; i++) ids[i] = [];
        int[] chosen = [.. Enumerable.Repeat(model.Options.BosId, sources.Count)];
        while (alive.Length > 0)
        {
            int[] tokens;
            float[] steps;
            using (device.Scope())
            {
                var logits = captured?.Step(chosen) ?? state.Step(device.Indices(chosen, (chosen.Length, 1)));
                var (best, index) = logits.TopK(2);
                steps = (best - logits.LogSumExp(1, keepDims: true)).ToArray();
                tokens = index.ToArray();
            }
            var stay = new List<int>();
            for (int row = 0; row < alive.Length; row++)
            {
                int sentence = alive[row], place = tokens[2 * row] == model.Options.PadId ? 2 * row + 1 : 2 * row;
                if (found[sentence] is not null) continue;
                chosen[row] = tokens[place];
                logs[sentence] += steps[place];
                bool ends = chosen[row] == model.Options.EosId;
                if (!ends) ids[sentence].Add(chosen[row]);
                if (ends || state.Length == limits[sentence])
                    found[sentence] = new Hypothesis(ids[sentence], logs[sentence], logs[sentence] / options.Penalty(state.Length), ends);
                else stay.Add(row);
            }
            if (stay.Count == alive.Length || (captured is not null && stay.Count > 0)) continue;
            alive = [.. stay.Select(row => alive[row])];
            chosen = [.. stay.Select(row => chosen[row])];
            if (stay.Count > 0) state.Take([.. stay]);
        }
        return found;
    }
}
