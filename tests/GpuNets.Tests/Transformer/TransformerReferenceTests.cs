using GpuNets.Models;
using GpuNets.Reference;

namespace GpuNets.Tests.Transformers;

/// <summary>Loss, logits and all gradients of small models against the paper's formulas in double precision.</summary>
public sealed class TransformerReferenceTests
{
    // Errors against the largest value of the parameter, or a twentieth of the largest of all: sums of some hundred float32 products, through two layers and their norms.
    // Twice the largest errors that were measured.
    private const double ForwardTolerance = 1e-6, GradientTolerance = 5e-6;

    private static readonly TransformerOptions s_small = SmallTransformer.Options;

    public static TheoryData<string> Names => [.. s_cases.Keys];

    private static readonly Dictionary<string, TransformerOptions> s_cases = new()
    {
        ["paper"] = s_small,
        ["one layer"] = s_small with { EncoderLayers = 1, DecoderLayers = 1 },
        ["pre-norm"] = s_small with { Norm = NormPlacement.Pre },
        ["biases"] = s_small with { AttentionBias = true, OutputBias = true, LabelSmoothing = 0 },
        ["halves from 2, as fairseq"] = s_small with { AttentionBias = true, Positions = TransformerPositions.Halves, FirstPosition = 2 },
        ["swish and halves, as Marian"] = s_small with { AttentionBias = true, OutputBias = true, Positions = TransformerPositions.PaperHalves, Activation = FeedForwardActivation.Swish },
        ["learned positions"] = s_small with { Positions = TransformerPositions.Learned, Norm = NormPlacement.Pre, AttentionBias = true },
        ["no positions"] = s_small with { Positions = TransformerPositions.None },
        ["decoder shares"] = s_small with { Sharing = EmbeddingSharing.Decoder, SourceVocabulary = 10 },
        ["nothing shared"] = s_small with { Sharing = EmbeddingSharing.None, SourceVocabulary = 11 },
        ["smoothing over all classes, as fairseq"] = s_small with { SmoothingForm = LabelSmoothingForm.AllClasses },
        ["smoothing without the pad token"] = s_small with { SmoothingForm = LabelSmoothingForm.OthersButPad, OutputBias = true, LabelSmoothing = 0.3f },
        ["key and value sizes"] = s_small with { KeySize = 3, ValueSize = 5, AttentionBias = true },
        ["uneven depth"] = s_small with { EncoderLayers = 1, DecoderLayers = 3, Heads = 4 },
    };

    [Theory(Timeout = 300_000), MemberData(nameof(Names))]
    public async Task Loss_and_gradients_are_the_references(string name)
    {
        await Task.Yield();
        using var run = new SmallTransformer(s_cases[name]);
        int[][] sources = SmallTransformer.Sources, targets = SmallTransformer.Targets;
        var batch = new TransformerBatch(run.Model.Options, sources, targets);

        var tape = new ReferenceTape();
        var values = run.Vars.Parameters.ToDictionary(p => p.Path, p => tape.Variables(p.ToArray().Select(v => (double)v)));
        var reference = new TransformerReference(run.Model.Options, values);
        ReferenceValue sum = 0.0;
        for (int i = 0; i < sources.Length; i++) sum += reference.Loss(sources[i], targets[i]);
        var mean = sum / (double)batch.TargetTokens;
        double[] gradients = tape.Gradients(mean);
        double largest = values.Values.SelectMany(v => v).Max(v => Math.Abs(gradients[v.Index]));

        // Whole logits, and logits in chunks of a few rows.
        foreach (long? kept in (long?[])[null, 20])
        {
            using var recorded = run.Device.Record();
            var loss = run.Model.Loss(batch, keptLogits: kept);
            Assert.Equal(mean.Number, loss.Item(), ForwardTolerance * Math.Abs(mean.Number));
            recorded.Backward(loss);
            foreach (var parameter in run.Vars.Parameters)
            {
                double[] expected = [.. values[parameter.Path].Select(v => gradients[v.Index])];
                double scale = Math.Max(expected.Max(Math.Abs), largest / 20);   // the bias of keys has a gradient of 0
                float[] actual = parameter.Gradient!.ToArray();
                for (int i = 0; i < expected.Length; i++)
                {
                    Assert.True(
                        Math.Abs(expected[i] - actual[i]) <= GradientTolerance * scale,
                        $"{name}, {parameter.Path}[{i}]: {actual[i]}, expected {expected[i]} (largest {scale}).");
                }
                parameter.ClearGradient();
            }
        }
    }

    [Theory(Timeout = 300_000), MemberData(nameof(Names))]
    public async Task Scores_are_the_references(string name)
    {
        await Task.Yield();
        using var run = new SmallTransformer(s_cases[name]);
        var scores = run.Model.Score(SmallTransformer.Sources, SmallTransformer.Targets);
        for (int i = 0; i < scores.Count; i++)
        {
            int[] target = SmallTransformer.Targets[i], labels = [.. target, run.Model.Options.EosId];
            var tape = new ReferenceTape();
            var own = run.Vars.Parameters.ToDictionary(p => p.Path, p => tape.Variables(p.ToArray().Select(v => (double)v)));
            var logits = new TransformerReference(run.Model.Options, own).Logits(SmallTransformer.Sources[i], [run.Model.Options.BosId, .. target]);
            Assert.Equal(labels.Length, scores[i].Length);
            for (int t = 0; t < labels.Length; t++)
            {
                double expected = logits[t][labels[t]].Number - Math.Log(logits[t].Sum(v => Math.Exp(v.Number)));
                Assert.Equal(expected, scores[i][t], 4 * ForwardTolerance * Math.Abs(expected));
            }
        }
    }
}
