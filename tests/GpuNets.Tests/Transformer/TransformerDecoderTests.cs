using GpuNets.Models;
using GpuNets.Tests.Autograd;

namespace GpuNets.Tests.Transformers;

/// <summary>Greedy and beam search against whole recomputation and brute force; batches, limits, scores.</summary>
public sealed class TransformerDecoderTests
{
    private static readonly TransformerOptions s_small = SmallTransformer.Options;

    private static readonly Dictionary<string, TransformerOptions> s_cases = new()
    {
        ["paper"] = s_small,
        ["pre-norm, learned positions"] = s_small with { Norm = NormPlacement.Pre, Positions = TransformerPositions.Learned, AttentionBias = true, OutputBias = true },
        ["key and value sizes"] = s_small with { KeySize = 3, ValueSize = 5 },
        ["no positions, nothing shared"] = s_small with { Positions = TransformerPositions.None, Sharing = EmbeddingSharing.None },
        ["a head too large for fused attention"] = s_small with { Heads = 1, KeySize = 260, ValueSize = 258 },
        ["halves from 2"] = s_small with { Positions = TransformerPositions.Halves, FirstPosition = 2, Activation = FeedForwardActivation.Swish },
    };

    public static TheoryData<string> Names => [.. s_cases.Keys];

    [Theory(Timeout = 60_000), MemberData(nameof(Names))]
    public async Task Steps_equal_the_whole(string name)
    {
        await Task.Yield();
        using var run = new SmallTransformer(s_cases[name]);
        using var scope = run.Device.Scope();
        const int time = 9, beams = 2;
        var random = new Philox(4);
        var sources = SmallTransformer.Sources;
        int[] targets = [.. Enumerable.Range(0, sources.Length * beams * time).Select(i => i % time == 0 ? 1 : random.Below((uint)i, 9))];
        using var state = new DecoderState(run.Model, sources, beams);
        float[][] steps = [.. Enumerable.Range(0, time).Select(t =>
            state.Step(run.Device.Indices([.. Enumerable.Range(0, sources.Length * beams).Select(row => targets[row * time + t])], (sources.Length * beams, 1))).ToArray())];
        for (int row = 0; row < sources.Length * beams; row++)
        {
            int[] source = sources[row / beams];
            float[] whole = run.Model.Forward(
                run.Device.Indices(source, (1, source.Length)), run.Device.Indices(source.Length), run.Device.Indices(targets.AsSpan(row * time, time), (1, time))).ToArray();
            for (int t = 0; t < time; t++)
                for (int c = 0; c < 9; c++) Assert.Equal(whole[t * 9 + c], steps[t][row * 9 + c], 5e-6f * Math.Max(1, whole.Max(Math.Abs)));
        }
    }

    [Theory(Timeout = 60_000), MemberData(nameof(Names))]
    public async Task Greedy_takes_the_likeliest_token_at_each_step(string name)
    {
        await Task.Yield();
        using var run = new SmallTransformer(s_cases[name], seed: 8);
        var found = new TransformerDecoder(run.Model, DecodingOptions.Greedy with { MaxExtraLength = 6 }).Decode(SmallTransformer.Sources);
        for (int i = 0; i < found.Count; i++)
        {
            int[] source = SmallTransformer.Sources[i];
            var (ids, log, complete) = Recomputed(run, source, source.Length + 6);
            var hypothesis = Assert.Single(found[i]);
            Assert.Equal(ids, hypothesis.Ids);
            Assert.Equal(complete, hypothesis.IsComplete);
            Assert.Equal(log, hypothesis.LogProbability, 1e-4);
            Assert.Equal(log / Math.Pow((5.0 + ids.Count + (complete ? 1 : 0)) / 6, 0.6), hypothesis.Score, 1e-4);
            if (complete) Assert.Equal(run.Model.Score([source], [[.. ids]])[0].Sum(v => (double)v), hypothesis.LogProbability, 1e-4);
        }

        // The search of width 1 goes the same way.
        var options = new DecodingOptions { Beam = 1, LengthPenalty = 0, MaxExtraLength = 6 };
        var beams = BeamSearch.Run(run.Model, SmallTransformer.Sources, [.. SmallTransformer.Sources.Select(s => s.Length + 6)], options);
        for (int i = 0; i < found.Count; i++) Assert.Equal(found[i][0].Ids, Assert.Single(beams[i]).Ids);
    }

    /// <summary>Launches of the second step, again and again, with the arguments that they had: what each step changes is on the device.</summary>
    [Theory(Timeout = 120_000), MemberData(nameof(Names))]
    public async Task Captured_steps_say_what_plain_ones_say(string name)
    {
        await Task.Yield();
        using var run = new SmallTransformer(s_cases[name], seed: 8, device: CaptureTests.Launching());
        var options = DecodingOptions.Greedy with { MaxExtraLength = 6 };
        int[] limits = [.. SmallTransformer.Sources.Select(source => source.Length + 6)];
        var plain = GreedySearch.Run(run.Model, SmallTransformer.Sources, limits, options);
        var graphs = new List<FrozenLaunches>();
        int live = run.Device.Memory.LiveBlocks;
        for (int time = 0; time < 2; time++)
        {
            var captured = GreedySearch.Run(run.Model, SmallTransformer.Sources, limits, options, () =>
            {
                graphs.Add(new FrozenLaunches());
                return graphs[^1];
            });
            for (int i = 0; i < plain.Length; i++)
            {
                Assert.Equal(plain[i].Ids, captured[i].Ids);
                Assert.Equal(plain[i].IsComplete, captured[i].IsComplete);
                Assert.Equal(plain[i].LogProbability, captured[i].LogProbability, 1e-5);
            }
        }
        // The first step runs as it is, the second is recorded.
        int recorded = plain.Max(hypothesis => hypothesis.Ids.Count) > 0 ? 2 : 0;
        Assert.True(graphs.Count(graph => graph.Count > 20) == recorded, $"{graphs.Count} graphs of {string.Join(", ", graphs.Select(graph => graph.Count))} launches");
        Assert.Equal(live, run.Device.Memory.LiveBlocks);
    }

    [Theory(Timeout = 60_000)]
    [InlineData(0.0, 3)]
    [InlineData(0.6, 3)]
    [InlineData(1.0, 11)]
    [InlineData(3.0, 12)]
    public async Task A_wide_beam_finds_the_best_of_all_targets(double alpha, int seed)
    {
        await Task.Yield();
        const int limit = 4, best = 6;
        using var run = new SmallTransformer(s_small with { SourceVocabulary = 5, TargetVocabulary = 5 }, seed);
        int[] source = [3, 4, 2];
        // All targets of up to 3 tokens but pad and end.
        List<int[]> all = [[]];
        for (int from = 0; all[from].Length < limit - 1; from++) all.AddRange(((int[])[1, 3, 4]).Select(id => (int[])[.. all[from], id]));
        Assert.Equal(1 + 3 + 9 + 27, all.Count);
        var scores = run.Model.Score([.. all.Select(_ => source)], all);
        // As many as there are ways to go on from 27 hypotheses.
        var options = new DecodingOptions { Beam = 27 * 5, LengthPenalty = alpha, MaxExtraLength = 1, Best = best };
        var expected = all.Select((ids, i) => (Ids: ids, Log: scores[i].Sum(v => (double)v))).OrderByDescending(pair => pair.Log / options.Penalty(pair.Ids.Length + 1)).ToArray();
        var found = new TransformerDecoder(run.Model, options).Decode([source])[0];
        Assert.Equal(best, found.Count);
        for (int i = 0; i < best; i++)
        {
            Assert.Equal(expected[i].Ids, found[i].Ids);
            Assert.Equal(expected[i].Log, found[i].LogProbability, 1e-4);
            Assert.Equal(expected[i].Log / options.Penalty(expected[i].Ids.Length + 1), found[i].Score, 1e-4);
            Assert.True(found[i].IsComplete);
        }
        // A narrow one finds none that is better, unless it finds no end.
        var narrow = new TransformerDecoder(run.Model, options with { Beam = 2, Best = 1 }).Decode([source])[0][0];
        Assert.True(!narrow.IsComplete || narrow.Score <= found[0].Score + 1e-4);
    }

    [Theory(Timeout = 60_000)]
    [InlineData(1)]
    [InlineData(4)]
    public async Task A_sentence_is_decoded_as_if_it_were_alone(int beam)
    {
        await Task.Yield();
        using var run = new SmallTransformer(seed: 5);
        var random = new Philox(7);
        int[][] sources = [.. Enumerable.Range(0, 13).Select(i => Enumerable.Range(0, 1 + i * 5 % 9).Select(t => 3 + random.Below((uint)(i * 20 + t), 6)).Append(2).ToArray())];
        var options = new DecodingOptions { Beam = beam, MaxExtraLength = 8, Best = Math.Min(beam, 3) };
        var together = new TransformerDecoder(run.Model, options).Decode(sources);
        var parts = new TransformerDecoder(run.Model, options with { MaxSentences = 4 }).Decode(sources);
        Assert.True(together.Select(found => found[0].Ids.Count).Distinct().Count() > 2, "All sentences finish at once.");
        for (int i = 0; i < sources.Length; i++)
        {
            var alone = new TransformerDecoder(run.Model, options).Decode([sources[i]])[0];
            foreach (var other in new[] { together[i], parts[i] })
            {
                Assert.Equal(alone.Select(h => h.Ids), other.Select(h => h.Ids));
                for (int j = 0; j < alone.Count; j++) Assert.Equal(alone[j].Score, other[j].Score, 1e-4);
            }
            Assert.Equal(alone.OrderByDescending(h => h.IsComplete).ThenByDescending(h => h.Score), alone);
        }
    }

    [Theory(Timeout = 60_000)]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Targets_end_at_the_greatest_length_and_never_say_the_pad_token(int beam)
    {
        await Task.Yield();
        using var run = new SmallTransformer(s_small with { OutputBias = true, MaxLength = 10 });
        float[] bias = new float[9];
        (bias[0], bias[2]) = (30, -1000);   // pad is likely, the end is not
        run.Vars.Parameters.Single(p => p.Path == "decoder.output_projection.bias").Assign(bias);
        foreach (var (source, extra, length) in new (int[], int, int)[] { ([4, 5, 2], 4, 7), ([4, 5, 2], 50, 10), ([4, 2], 0, 2), ([3, 4, 5, 6, 7, 8, 3, 4, 5, 2], 50, 10) })
        {
            var found = new TransformerDecoder(run.Model, new DecodingOptions { Beam = beam, MaxExtraLength = extra, Best = beam }).Decode([source])[0];
            Assert.Equal(beam, found.Count);
            Assert.All(found, hypothesis => Assert.Equal((length, false), (hypothesis.Ids.Count, hypothesis.IsComplete)));
            Assert.All(found, hypothesis => Assert.DoesNotContain(0, hypothesis.Ids));
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task Decoding_gives_its_memory_back()
    {
        await Task.Yield();
        using var run = new SmallTransformer();
        foreach (var options in (DecodingOptions[])[DecodingOptions.Greedy, new()])
        {
            var decoder = new TransformerDecoder(run.Model, options);
            decoder.Decode(SmallTransformer.Sources);
            var before = run.Device.Memory;
            decoder.Decode(SmallTransformer.Sources);
            Assert.Equal((before.LiveBlocks, before.LiveBytes, before.DeviceAllocations), (run.Device.Memory.LiveBlocks, run.Device.Memory.LiveBytes, run.Device.Memory.DeviceAllocations));
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task The_length_penalty_and_the_schedule_are_the_papers()
    {
        await Task.Yield();
        Assert.Equal(1.733, new DecodingOptions().Penalty(10), 0.0005);
        Assert.Equal(1, new DecodingOptions { LengthPenalty = 0 }.Penalty(10));
        var schedule = Schedules.InverseSquareRoot(512, 4000);
        Assert.Equal(6.988e-4, schedule(3999), 1e-7);   // step 4000, counted from 1
        Assert.Equal(4.94e-4, Schedules.InverseSquareRoot(1024, 4000)(3999), 1e-6);
        Assert.True(schedule(0) > 0 && schedule(3998) < schedule(3999) && schedule(4000) < schedule(3999));
    }

    // The model run anew over all that was said.
    private static (List<int> Ids, double Log, bool Complete) Recomputed(SmallTransformer run, int[] source, int limit)
    {
        List<int> ids = [];
        double log = 0;
        using var scope = run.Device.Scope();
        while (ids.Count < limit)
        {
            int[] target = [1, .. ids];
            float[] logs = run.Model.Forward(
                run.Device.Indices(source, (1, source.Length)), run.Device.Indices(source.Length), run.Device.Indices(target, (1, target.Length))).LogSoftmax().ToArray()[^9..];
            int best = 1;
            for (int c = 1; c < 9; c++)
                if (logs[c] > logs[best]) best = c;
            log += logs[best];
            if (best == 2) return (ids, log, true);
            ids.Add(best);
        }
        return (ids, log, false);
    }
}
