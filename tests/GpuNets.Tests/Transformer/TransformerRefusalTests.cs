using GpuNets.Models;

namespace GpuNets.Tests.Transformers;

/// <summary>Settings and inputs that make no sense are refused with a message that names them.</summary>
public sealed class TransformerRefusalTests
{
    private static readonly TransformerOptions s_small = SmallTransformer.Options;

    [Fact(Timeout = 60_000)]
    public async Task Options_are_checked()
    {
        await Task.Yield();
        using var device = TestDevices.Open();
        foreach (var (wrong, says) in new (TransformerOptions, string)[]
        {
            (s_small with { SourceVocabulary = 1 }, "SourceVocabulary is 1"), (s_small with { EncoderLayers = 0 }, "EncoderLayers is 0"),
            (s_small with { DecoderLayers = 0 }, "DecoderLayers is 0"), (s_small with { Heads = 3 }, "does not divide into 3 Heads"), (s_small with { Heads = 0 }, "Heads is 0"),
            (s_small with { KeySize = 0 }, "KeySize is 0"), (s_small with { Dropout = 1 }, "Dropout is 1"), (s_small with { LabelSmoothing = -0.1f }, "LabelSmoothing"),
            (s_small with { AttentionDropout = float.NaN }, "AttentionDropout is NaN"), (s_small with { NormEpsilon = 0 }, "NormEpsilon"), (s_small with { EmbeddingScale = 0 }, "EmbeddingScale"),
            (s_small with { Norm = (NormPlacement)7 }, "NormPlacement has no value 7"), (s_small with { Size = 9, Heads = 3 }, "must be even"),
            (s_small with { SourceVocabulary = 10 }, "Sharing is All"), (s_small with { EosId = 9 }, "EosId is 9"), (s_small with { EosId = 0 }, "PadId and EosId are both 0"),
            (s_small with { FirstPosition = -1 }, "FirstPosition is -1"), (s_small with { MaxLength = 0 }, "MaxLength is 0"),
        })
        {
            var vars = new Vars(device);
            Assert.Contains(says, Assert.Throws<ArgumentException>(() => new Transformer(vars, wrong)).Message, StringComparison.Ordinal);
            Assert.Empty(vars.Parameters);
        }
        foreach (var (wrong, says) in new (DecodingOptions, string)[]
        {
            (new() { Beam = 0 }, "Beam is 0"), (new() { Best = 5 }, "Best is 5"), (new() { LengthPenalty = -1 }, "LengthPenalty is -1"), (new() { MaxExtraLength = -1 }, "MaxExtraLength"),
        })
        {
            Assert.Contains(says, Assert.Throws<ArgumentException>(wrong.Validate).Message, StringComparison.Ordinal);
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task Tokens_lengths_and_shapes_are_checked()
    {
        await Task.Yield();
        using var run = new SmallTransformer();
        using var scope = run.Device.Scope();
        var (device, model) = (run.Device, run.Model);
        IndexTensor source = device.Indices([4, 5, 2], (1, 3)), lengths = device.Indices(3);
        var memory = model.Encode(source, lengths);
        foreach (var (act, says) in new (Action, string)[]
        {
            (() => model.Encode(device.Indices([4, 9], (1, 2)), device.Indices(2)), "ids from 4 to 9, but its vocabulary has 0 to 8"),
            (() => model.Encode(device.Indices([4, -1], (1, 2)), device.Indices(2)), "ids from -1"),
            (() => model.Encode(device.Indices(new int[25], (1, 25)), device.Indices(25)), "25 tokens, but the options allow 24"),
            (() => model.Encode(device.Indices([4], (1, 1)), device.Indices(-1)), "from -1 to -1, expected 0 to 1"),
            (() => model.Encode(device.Indices([4], (1, 1)), device.Indices(2)), "from 2 to 2"),
            (() => model.Encode(device.Indices([4], (1, 1)), device.Indices(1, 1)), "expected [1]"),
            (() => model.Encode(device.Indices(4), device.Indices(1)), "[batch, time]"),
            (() => model.Decode(device.Indices([1, 9], (1, 2)), memory, lengths), "the target has ids"),
            (() => model.Decode(device.Indices(new int[25], (1, 25)), memory, lengths), "25 tokens"),
            (() => model.Decode(device.Indices([1, 1], (2, 1)), memory, lengths), "memory has shape [1, 3, 8], expected [2"),
            (() => model.Score([[4, 2]], [new int[24]]), "25 tokens"),
        })
        {
            Assert.Contains(says, Assert.Throws<ShapeException>(act).Message, StringComparison.Ordinal);
        }
        Assert.Contains("source 1 is empty", Assert.Throws<ArgumentException>(() => new TransformerBatch(s_small, [[4], []], [[4], [4]])).Message, StringComparison.Ordinal);
        Assert.Contains("2 sources and 1 targets", Assert.Throws<ArgumentException>(() => new TransformerBatch(s_small, [[4], [4]], [[4]])).Message, StringComparison.Ordinal);
        Assert.Contains("0 sources", Assert.Throws<ArgumentException>(() => new TransformerBatch(s_small, [], [])).Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_source_of_length_0_adds_nothing()
    {
        await Task.Yield();
        using var run = new SmallTransformer();
        using var scope = run.Device.Scope();
        var target = run.Device.Indices([1, 4, 5], (1, 3));
        float[] logits = Logits(3), others = Logits(7);
        Assert.All(logits, value => Assert.True(float.IsFinite(value)));
        Assert.Equal(logits, others);

        float[] Logits(int id) => run.Model.Forward(run.Device.Indices([id, 2], (1, 2)), run.Device.Indices(0), target).ToArray();
    }

    [Fact(Timeout = 60_000)]
    public async Task Sources_to_decode_are_checked()
    {
        await Task.Yield();
        using var run = new SmallTransformer();
        foreach (var options in (DecodingOptions[])[DecodingOptions.Greedy, new()])
        {
            var decoder = new TransformerDecoder(run.Model, options);
            Assert.Empty(decoder.Decode([]));
            foreach (var (sources, says) in new (int[][], string)[]
            {
                ([[4, 2], []], "source 1 is empty"), ([new int[25]], "source 0 has 25 tokens, but the model takes 24"), ([[4], [4, 9]], "source 1 has the id 9"), ([[-2]], "the id -2"),
            })
            {
                Assert.Contains(says, Assert.Throws<ArgumentException>(() => decoder.Decode(sources)).Message, StringComparison.Ordinal);
            }
            using var tape = run.Device.Record();
            Assert.Contains("tape", Assert.Throws<InvalidOperationException>(() => decoder.Decode([[4, 2]])).Message, StringComparison.Ordinal);
        }
    }
}
