using GpuNets.Models;

namespace GpuNets.Tests.Transformers;

/// <summary>The model: sizes and names, what a step sees, padding, shared matrices, refusals.</summary>
public sealed class TransformerModelTests
{
    private static readonly TransformerOptions s_small = SmallTransformer.Options;

    [Fact(Timeout = 60_000)]
    public async Task Has_as_many_parameters_as_the_paper()
    {
        await Task.Yield();
        // By hand: V d + N (4 + 8) d^2 + N 2 (2 d d_ff + d_ff + d) + N (2 + 3) 2 d.
        Assert.Equal(37_000 * 512L + 6 * (12 * 512 * 512 + 2 * (2 * 512 * 2048 + 2048 + 512) + 10 * 512), TransformerOptions.Base.ParameterCount);
        Assert.Equal(63.05, TransformerOptions.Base.ParameterCount / 1e6, 0.01);
        Assert.Equal(214.2, TransformerOptions.Big.ParameterCount / 1e6, 0.1);
        Assert.Equal(9_038_341, TransformerOptions.Multi30k().ParameterCount);
        Assert.Equal(20, TransformerVariation.All.Count);
        foreach (var row in TransformerVariation.All)
        {
            row.Options.Validate();
            // The paper rounds, and its vocabulary has some 41,000 tokens.
            var larger = row.Options with { SourceVocabulary = 41_000, TargetVocabulary = 41_000 };
            if (row.Millions is { } millions && row.Name != "big") Assert.Equal(millions, larger.ParameterCount / 1e6, 0.8);
        }
        Assert.Equal(213, TransformerVariation.Find("BIG").Options.ParameterCount / 1e6, 1.3);
        // Rows A leave the number of parameters as it is.
        Assert.All(TransformerVariation.All.Where(row => row.Row == "A"), row => Assert.Equal(TransformerOptions.Base.ParameterCount, row.Options.ParameterCount));
        Assert.Contains("dff4096", Assert.Throws<ArgumentException>(() => TransformerVariation.Find("dk8")).Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task The_formula_counts_what_the_model_has()
    {
        await Task.Yield();
        using var device = TestDevices.Open();
        foreach (var options in (TransformerOptions[])
        [
            s_small, s_small with { Norm = NormPlacement.Pre, AttentionBias = true, OutputBias = true }, s_small with { KeySize = 3, ValueSize = 5, AttentionBias = true },
            s_small with { Positions = TransformerPositions.Learned, FirstPosition = 2, Sharing = EmbeddingSharing.Decoder, SourceVocabulary = 12 },
            s_small with { Sharing = EmbeddingSharing.None, EncoderLayers = 1, DecoderLayers = 3 }, TransformerOptions.CopyTask,
        ])
        {
            Assert.Equal(options.ParameterCount, new Transformer(new Vars(device), options).ParameterCount);
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task Names_are_close_to_those_of_fairseq()
    {
        await Task.Yield();
        using var device = TestDevices.Open();
        var vars = new Vars(device);
        _ = new Transformer(vars["model"], s_small with { EncoderLayers = 1, DecoderLayers = 1, AttentionBias = true, Norm = NormPlacement.Pre });
        string[] expected =
        [
            "decoder.layer_norm.bias", "decoder.layer_norm.weight", "decoder.layers.0.encoder_attn.k_proj.bias", "decoder.layers.0.encoder_attn.k_proj.weight",
            "decoder.layers.0.encoder_attn.out_proj.bias", "decoder.layers.0.encoder_attn.out_proj.weight", "decoder.layers.0.encoder_attn.q_proj.bias",
            "decoder.layers.0.encoder_attn.q_proj.weight", "decoder.layers.0.encoder_attn.v_proj.bias", "decoder.layers.0.encoder_attn.v_proj.weight",
            "decoder.layers.0.encoder_attn_layer_norm.bias", "decoder.layers.0.encoder_attn_layer_norm.weight", "decoder.layers.0.fc1.bias", "decoder.layers.0.fc1.weight",
            "decoder.layers.0.fc2.bias", "decoder.layers.0.fc2.weight", "decoder.layers.0.final_layer_norm.bias", "decoder.layers.0.final_layer_norm.weight",
            "decoder.layers.0.self_attn.in_proj_bias", "decoder.layers.0.self_attn.in_proj_weight", "decoder.layers.0.self_attn.out_proj.bias",
            "decoder.layers.0.self_attn.out_proj.weight", "decoder.layers.0.self_attn_layer_norm.bias", "decoder.layers.0.self_attn_layer_norm.weight",
            "embed_tokens.weight", "encoder.layer_norm.bias", "encoder.layer_norm.weight", "encoder.layers.0.fc1.bias", "encoder.layers.0.fc1.weight", "encoder.layers.0.fc2.bias",
            "encoder.layers.0.fc2.weight", "encoder.layers.0.final_layer_norm.bias", "encoder.layers.0.final_layer_norm.weight", "encoder.layers.0.self_attn.in_proj_bias",
            "encoder.layers.0.self_attn.in_proj_weight", "encoder.layers.0.self_attn.out_proj.bias", "encoder.layers.0.self_attn.out_proj.weight",
            "encoder.layers.0.self_attn_layer_norm.bias", "encoder.layers.0.self_attn_layer_norm.weight",
        ];
        Assert.Equal(expected, vars["model"].Parameters.Select(p => p.Path["model.".Length..]).Order(StringComparer.Ordinal));
    }

    [Theory(Timeout = 60_000)]
    [InlineData(NormPlacement.Post)]
    [InlineData(NormPlacement.Pre)]
    public async Task A_later_token_changes_no_bit_of_what_was_before(NormPlacement norm)
    {
        await Task.Yield();
        using var run = new SmallTransformer(s_small with { Norm = norm });
        using var scope = run.Device.Scope();
        const int time = 7, changed = 4;
        int[] target = [1, 4, 6, 3, 7, 8, 5, 1, 3, 3, 5, 6, 4, 8];
        float[] before = Logits(), after;
        target[changed] = 8;
        after = Logits();
        for (int i = 0; i < before.Length; i++)
        {
            int t = i / 9 % time;
            bool own = i / 9 < time;   // the second sentence stays as it is
            if (!own || t < changed) Assert.Equal(BitConverter.SingleToInt32Bits(before[i]), BitConverter.SingleToInt32Bits(after[i]));
        }
        for (int t = changed; t < time; t++) Assert.NotEqual(before[(t * 9)..((t + 1) * 9)], after[(t * 9)..((t + 1) * 9)]);

        float[] Logits() => run.Model.Forward(
            run.Device.Indices([4, 5, 2, 0, 7, 8, 6, 2], (2, 4)), run.Device.Indices(3, 4), run.Device.Indices(target, (2, time))).ToArray();
    }

    [Fact(Timeout = 60_000)]
    public async Task What_fills_up_is_never_seen()
    {
        await Task.Yield();
        using var run = new SmallTransformer();
        using var scope = run.Device.Scope();
        // Other ids behind the length: not a bit of what counts changes.
        float[] zeros = Logits([4, 5, 2, 0, 0], 5), others = Logits([4, 5, 2, 8, 7], 5), shorter = Logits([4, 5, 2], 3);
        Assert.Equal(zeros, others);
        for (int i = 0; i < zeros.Length; i++) Assert.Equal(zeros[i], shorter[i], 2e-6f * Math.Max(1, Math.Abs(zeros[i])));

        // A batch gives the scores that its pairs have alone.
        var together = run.Model.Score(SmallTransformer.Sources, SmallTransformer.Targets);
        for (int i = 0; i < together.Count; i++)
        {
            float[] alone = run.Model.Score([SmallTransformer.Sources[i]], [SmallTransformer.Targets[i]])[0];
            Assert.Equal(alone.Length, together[i].Length);
            for (int t = 0; t < alone.Length; t++) Assert.Equal(alone[t], together[i][t], 3e-6f * Math.Abs(alone[t]));
        }

        float[] Logits(int[] source, int time) =>
            run.Model.Forward(run.Device.Indices(source, (1, time)), run.Device.Indices(3), run.Device.Indices([1, 4, 5, 6], (1, 4))).ToArray();
    }

    [Fact(Timeout = 60_000)]
    public async Task The_shared_matrix_gets_three_gradients()
    {
        await Task.Yield();
        using var shared = new SmallTransformer();
        using var apart = new SmallTransformer(s_small with { Sharing = EmbeddingSharing.None });
        float[] table = shared.Vars.Parameters.Single(p => p.Path == "embed_tokens.weight").ToArray();
        var three = apart.Vars.Parameters.Where(p => p.Shape == new Shape(9, 8)).ToArray();
        Assert.Equal(3, three.Length);
        foreach (var parameter in three) parameter.Assign(table);
        float[][] gradients = [.. three.Select(_ => Array.Empty<float>())];
        Run(apart, () => gradients = [.. three.Select(p => p.Gradient!.ToArray())]);
        float[] sum = [];
        Run(shared, () => sum = shared.Vars.Parameters.Single(p => p.Path == "embed_tokens.weight").Gradient!.ToArray());
        Assert.All(gradients, gradient => Assert.Contains(gradient, g => Math.Abs(g) > 1e-3));
        for (int i = 0; i < sum.Length; i++) Assert.Equal(gradients.Sum(g => g[i]), sum[i], 2e-6f * sum.Max(Math.Abs));

        static void Run(SmallTransformer run, Action read)
        {
            using var tape = run.Device.Record();
            tape.Backward(run.Model.Loss(new TransformerBatch(run.Model.Options, SmallTransformer.Sources, SmallTransformer.Targets)));
            read();
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task Smoothing_goes_where_the_form_says_and_padding_counts_nowhere()
    {
        await Task.Yield();
        const float share = 0.3f;
        using var run = new SmallTransformer();
        using var fairseq = new SmallTransformer(s_small with { SmoothingForm = LabelSmoothingForm.AllClasses });
        using var annotated = new SmallTransformer(s_small with { SmoothingForm = LabelSmoothingForm.OthersButPad });
        var batch = new TransformerBatch(s_small, SmallTransformer.Sources, SmallTransformer.Targets);
        Assert.Equal(3 + 5 + 1, batch.TargetTokens);
        using var scope = run.Device.Scope();
        var logs = run.Model.Forward(batch.SourcesOn(run.Device), batch.LengthsOn(run.Device), batch.InputsOn(run.Device)).LogSoftmax().ToArray();
        double others = 0, all = 0, butPad = 0;
        for (int i = 0; i < batch.Count; i++)
        {
            int[] labels = [.. SmallTransformer.Targets[i], 2];
            for (int t = 0; t < labels.Length; t++)
            {
                for (int c = 0; c < 9; c++)
                {
                    double log = logs[(i * batch.TargetTime + t) * 9 + c];
                    others -= log * (c == labels[t] ? 1 - share : share / 8);
                    all -= log * ((c == labels[t] ? 1 - share : 0) + share / 9);
                    butPad -= log * (c == labels[t] ? 1 - share : c == s_small.PadId ? 0 : share / 7);
                }
            }
        }
        Assert.Equal(others / 9, run.Model.Loss(batch, share).Item(), 1e-5);
        using var second = fairseq.Device.Scope();
        Assert.Equal(all / 9, fairseq.Model.Loss(batch, share).Item(), 1e-5);
        Assert.Equal(others, run.Model.Loss(batch, share, LossReduction.Sum).Item(), 1e-4);
        using var third = annotated.Device.Scope();
        Assert.Equal(butPad / 9, annotated.Model.Loss(batch, share).Item(), 1e-5);
        Assert.Equal(butPad, annotated.Model.Loss(batch, share, LossReduction.Sum).Item(), 1e-4);
        Assert.Equal(butPad, annotated.Model.Loss(batch, share, LossReduction.None).ToArray().Sum(), 1e-4);
        Assert.Throws<ArgumentOutOfRangeException>(() => annotated.Model.Loss(batch, 0.8f));
    }

    [Fact(Timeout = 60_000)]
    public async Task Attention_maps_show_where_heads_look()
    {
        await Task.Yield();
        using var run = new SmallTransformer(s_small with { Norm = NormPlacement.Pre });
        var maps = run.Model.Attend([4, 5, 6, 2], [7, 8]);
        Assert.Equal((2, 4, 3), (maps.Heads, maps.SourceTime, maps.TargetTime));
        foreach (var (layers, rows, columns) in new[] { (maps.Encoder, 4, 4), (maps.Decoder, 3, 3), (maps.Cross, 3, 4) })
        {
            Assert.Equal(2, layers.Count);
            foreach (float[] map in layers)
            {
                Assert.Equal(2 * rows * columns, map.Length);
                for (int row = 0; row < 2 * rows; row++) Assert.Equal(1, map.AsSpan(row * columns, columns).ToArray().Sum(), 1e-5f);
            }
        }
        foreach (float[] map in maps.Decoder)
            for (int i = 0; i < map.Length; i++)
                if (i % 3 > i / 3 % 3) Assert.Equal(0f, map[i]);
        Assert.NotEqual(maps.Cross[0][..12], maps.Cross[0][12..]);
    }

    [Fact(Timeout = 60_000)]
    public async Task Dropout_works_while_a_tape_is_open_alone()
    {
        await Task.Yield();
        using var run = new SmallTransformer(s_small with { Dropout = 0.4f, AttentionDropout = 0.2f, ActivationDropout = 0.2f });
        var batch = new TransformerBatch(s_small, SmallTransformer.Sources, SmallTransformer.Targets);
        float[] quiet = [Loss(), Loss()];
        Assert.Equal(quiet[0], quiet[1]);
        float[] noisy = [Noisy(), Noisy()];
        Assert.NotEqual(noisy[0], noisy[1]);
        Assert.NotEqual(noisy[0], quiet[0]);

        float Loss()
        {
            using var scope = run.Device.Scope();
            return run.Model.Loss(batch).Item();
        }

        float Noisy()
        {
            using var tape = run.Device.Record();
            return run.Model.Loss(batch).Item();
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task A_second_step_takes_no_new_memory()
    {
        await Task.Yield();
        using var run = new SmallTransformer(s_small with { Dropout = 0.1f });
        var adam = new Adam(run.Vars.Parameters);
        var batch = new TransformerBatch(s_small, SmallTransformer.Sources, SmallTransformer.Targets);
        Step();
        Step();
        var after = run.Device.Memory;
        Step();
        Assert.Equal((after.DeviceAllocations, after.LiveBytes, after.PeakBytes), (run.Device.Memory.DeviceAllocations, run.Device.Memory.LiveBytes, run.Device.Memory.PeakBytes));

        void Step()
        {
            using var tape = run.Device.Record();
            tape.Backward(run.Model.Loss(batch));
            adam.Step();
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task A_captured_step_trains_as_a_plain_one_does()
    {
        await Task.Yield();
        var options = s_small with { Dropout = 0.1f, LabelSmoothing = 0.1f };
        using SmallTransformer plain = new(options), captured = new(options);
        float[][] expected = [.. Train(plain, capture: false)], actual = [.. Train(captured, capture: true)];
        for (int i = 0; i < expected.Length; i++) Assert.Equal(expected[i], actual[i]);

        static IEnumerable<float[]> Train(SmallTransformer run, bool capture)
        {
            var device = run.Device;
            var adam = new Adam(run.Vars.Parameters, 1e-2f);
            var random = new Philox(2);
            IndexTensor source = device.Indices(new int[12], (3, 4), 9), lengths = device.Indices([4, 4, 4], 3, 5);
            IndexTensor input = device.Indices(new int[9], (3, 3), 9), output = device.Indices(new int[9], (3, 3), 9);
            using var step = device.Capture(tape =>
            {
                var loss = run.Model.Loss(source, lengths, input, output);
                tape.Backward(loss);
                adam.Step();
                return loss;
            });
            List<float> losses = [];
            for (int i = 0; i < 5; i++)
            {
                int[] Draw(int count, uint from) => [.. Enumerable.Range(0, count).Select(j => 1 + random.Below((uint)(100 * i + j) + from, 8))];
                source.CopyFrom(Draw(12, 0));
                lengths.CopyFrom([1 + i % 4, 4, 2]);
                input.CopyFrom(Draw(9, 20));
                output.CopyFrom(Draw(9, 40));
                if (capture)
                {
                    losses.Add(step.Run().Item());
                    continue;
                }
                using var tape = device.Record();
                var loss = run.Model.Loss(source, lengths, input, output);
                tape.Backward(loss);
                adam.Step();
                losses.Add(loss.Item());
            }
            yield return [.. losses];
            foreach (var parameter in run.Vars.Parameters) yield return parameter.ToArray();
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task First_weights_are_those_of_the_forms()
    {
        await Task.Yield();
        using var device = TestDevices.Open();
        foreach (var form in Enum.GetValues<TransformerInitialization>())
        {
            var vars = new Vars(device, 5);
            _ = new Transformer(vars, s_small with { Size = 64, HiddenSize = 32, EncoderLayers = 1, DecoderLayers = 1, SourceVocabulary = 200, TargetVocabulary = 200, Initialization = form });
            foreach (var parameter in vars.Parameters)
            {
                float[] values = parameter.ToArray();
                if (parameter.Shape.Rank == 1)
                {
                    Assert.All(values, value => Assert.Equal(parameter.Path.EndsWith("norm.weight", StringComparison.Ordinal) ? 1f : 0f, value));
                    continue;
                }
                double deviation = Math.Sqrt(values.Average(v => v * (double)v));
                int inputs = parameter.Shape[1], outputs = parameter.Path.EndsWith("in_proj_weight", StringComparison.Ordinal) ? 64 : parameter.Shape[0];
                bool normal = form == TransformerInitialization.TensorToTensor && parameter.Path == "embed_tokens.weight";
                double expected = normal ? 1 / 8.0 : Math.Sqrt(2.0 / (inputs + outputs));
                // The deviation of n numbers is off by 1 / sqrt(2 n) of it; five times that never happens.
                Assert.InRange(deviation, expected * (1 - 5 / Math.Sqrt(2.0 * values.Length)), expected * (1 + 5 / Math.Sqrt(2.0 * values.Length)));
            }
        }
    }
}
