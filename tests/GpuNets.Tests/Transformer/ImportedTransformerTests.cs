using GpuNets.Models;

namespace GpuNets.Tests.Transformers;

/// <summary>Files with the names and shapes of fairseq and Marian, generated: options from shapes, weights in their places.</summary>
public sealed class ImportedTransformerTests
{
    private const int Size = 8, Hidden = 12, Vocabulary = 9;

    [Theory(Timeout = 60_000)]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task Fairseq_weights_come_to_their_layers(bool joint, bool apart)
    {
        await Task.Yield();
        using var device = TestDevices.Open();
        using var folder = new TempFolder();
        var file = new StateDict();
        Layers(file, "", joint);
        var table = Add(file, "encoder.embed_tokens.weight", Vocabulary, Size);
        if (apart) Add(file, "decoder.embed_tokens.weight", Vocabulary + 2, Size);
        else file.Add(StateTensor.From("decoder.embed_tokens.weight", [Vocabulary, Size], table));
        Add(file, "encoder.version", 1);
        Add(file, "decoder.embed_positions._float_tensor", 1);
        file.Save(folder.File("model.safetensors"));
        var state = StateDict.Load(folder.File("model.safetensors"));

        var options = FairseqTransformer.Options(state, heads: 2);
        Assert.Equal((Size, Hidden, 2, 2, 1), (options.Size, options.HiddenSize, options.Heads, options.EncoderLayers, options.DecoderLayers));
        Assert.Equal((Vocabulary, apart ? Vocabulary + 2 : Vocabulary), (options.SourceVocabulary, options.TargetVocabulary));
        Assert.Equal((apart ? EmbeddingSharing.Decoder : EmbeddingSharing.All, TransformerPositions.Halves, 2), (options.Sharing, options.Positions, options.FirstPosition));
        Assert.Equal((1, 2, 2, 3), (options.PadId, options.BosId, options.EosId, options.UnkId));
        Assert.Equal((true, NormPlacement.Post, FeedForwardActivation.Relu), (options.AttentionBias, options.Norm, options.Activation));
        var vars = new Vars(device, 1);
        var model = new Transformer(vars["part"], options);
        FairseqTransformer.Load(model, state);
        Check(model, state, "", joint);
        Assert.Equal(table, Value(model, apart ? "encoder.embed_tokens.weight" : "embed_tokens.weight"));
        if (apart) Assert.Equal(state["decoder.embed_tokens.weight"].ToFloats(), Value(model, "decoder.embed_tokens.weight"));
        Assert.True(double.IsFinite(new TransformerDecoder(model).Decode([[4, 5, 2]])[0][0].Score));

        // A file of another kind changes nothing, and the message names what is wrong.
        float[] before = Value(model, "encoder.layers.0.fc1.weight");
        var wrong = new StateDict();
        foreach (var tensor in state) wrong.Add(tensor.Name == "encoder.layers.1.fc2.bias" ? StateTensor.From(tensor.Name, [3], [1f, 2f, 3f]) : tensor);
        wrong.Add(StateTensor.From("extra", [1], [1f]));
        string message = Assert.Throws<StateDictException>(() => FairseqTransformer.Load(model, wrong)).Message;
        Assert.Contains("encoder.layers.1.fc2.bias", message, StringComparison.Ordinal);
        Assert.Contains("extra", message, StringComparison.Ordinal);
        Assert.Equal(before, Value(model, "encoder.layers.0.fc1.weight"));
        Assert.Contains("encoder.embed_tokens.weight", Assert.Throws<StateDictException>(() => FairseqTransformer.Options(new StateDict())).Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task Learned_places_and_last_norms_are_seen_in_a_file()
    {
        await Task.Yield();
        using var device = TestDevices.Open();
        var state = new StateDict();
        Layers(state, "", joint: false);
        Add(state, "encoder.embed_tokens.weight", Vocabulary, Size);
        Add(state, "decoder.embed_tokens.weight", Vocabulary, Size);
        Add(state, "decoder.output_projection.weight", Vocabulary, Size);
        foreach (string stack in (string[])["encoder", "decoder"])
        {
            Add(state, $"{stack}.embed_positions.weight", 12, Size);
            Add(state, $"{stack}.layer_norm.weight", Size);
            Add(state, $"{stack}.layer_norm.bias", Size);
        }
        var options = FairseqTransformer.Options(state, heads: 4);
        Assert.Equal((TransformerPositions.Learned, 10, NormPlacement.Pre, EmbeddingSharing.None), (options.Positions, options.MaxLength, options.Norm, options.Sharing));
        var model = new Transformer(new Vars(device), options);
        FairseqTransformer.Load(model, state);
        foreach (string name in (string[])["encoder.embed_positions.weight", "decoder.embed_positions.weight", "decoder.output_projection.weight", "decoder.layer_norm.bias"])
            Assert.Equal(state[name].ToFloats(), Value(model, name));
    }

    [Theory(Timeout = 60_000)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Marian_weights_come_to_their_layers(bool shared)
    {
        await Task.Yield();
        using var device = TestDevices.Open();
        var state = new StateDict();
        Add(state, "final_logits_bias", 1, Vocabulary);
        if (shared) Add(state, "model.shared.weight", Vocabulary, Size);
        foreach (string stack in (string[])["encoder", "decoder"])
        {
            if (!shared) Add(state, $"model.{stack}.embed_tokens.weight", Vocabulary, Size);
            Add(state, $"model.{stack}.embed_positions.weight", 512, Size);
        }
        Layers(state, "model.", joint: false);
        Add(state, "lm_head.weight", Vocabulary, Size);
        var options = MarianTransformer.Options(state, heads: 2);
        Assert.Equal((8, 8, 0, 1), (options.PadId, options.BosId, options.EosId, options.UnkId));
        Assert.Equal((TransformerPositions.PaperHalves, 0, 512), (options.Positions, options.FirstPosition, options.MaxLength));
        Assert.Equal((FeedForwardActivation.Swish, true, true, NormPlacement.Post), (options.Activation, options.OutputBias, options.AttentionBias, options.Norm));
        Assert.Equal((shared ? EmbeddingSharing.All : EmbeddingSharing.Decoder, 2, 1), (options.Sharing, options.EncoderLayers, options.DecoderLayers));
        var model = new Transformer(new Vars(device), options);
        MarianTransformer.Load(model, state);
        Check(model, state, "model.", joint: false);
        Assert.Equal(state["final_logits_bias"].ToFloats(), Value(model, "decoder.output_projection.bias"));
        Assert.Equal(state[shared ? "model.shared.weight" : "model.encoder.embed_tokens.weight"].ToFloats(), Value(model, shared ? "embed_tokens.weight" : "encoder.embed_tokens.weight"));
        var found = new TransformerDecoder(model).Decode([[4, 5, 0]])[0][0];
        Assert.DoesNotContain(8, found.Ids);
        Assert.Equal(8, TransformerImportDefaultHeads());

        int TransformerImportDefaultHeads()
        {
            var wide = new StateDict();
            Add(wide, "model.shared.weight", 4, 512);
            Add(wide, "model.encoder.layers.0.fc1.weight", 3, 512);
            Add(wide, "model.decoder.layers.0.fc1.weight", 3, 512);
            return MarianTransformer.Options(wide).Heads;
        }
    }

    private static void Layers(StateDict state, string prefix, bool joint)
    {
        foreach (var (stack, layers) in new[] { ("encoder", 2), ("decoder", 1) })
        {
            for (int i = 0; i < layers; i++)
            {
                string layer = $"{prefix}{stack}.layers.{i}";
                foreach (string name in stack == "encoder" ? (string[])["self_attn"] : ["self_attn", "encoder_attn"])
                {
                    if (joint)
                    {
                        Add(state, $"{layer}.{name}.in_proj_weight", 3 * Size, Size);
                        Add(state, $"{layer}.{name}.in_proj_bias", 3 * Size);
                    }
                    foreach (string part in joint ? (string[])["out"] : ["k", "v", "q", "out"])
                    {
                        Add(state, $"{layer}.{name}.{part}_proj.weight", Size, Size);
                        Add(state, $"{layer}.{name}.{part}_proj.bias", Size);
                    }
                    Add(state, $"{layer}.{name}_layer_norm.weight", Size);
                    Add(state, $"{layer}.{name}_layer_norm.bias", Size);
                }
                Add(state, $"{layer}.fc1.weight", Hidden, Size);
                Add(state, $"{layer}.fc1.bias", Hidden);
                Add(state, $"{layer}.fc2.weight", Size, Hidden);
                Add(state, $"{layer}.fc2.bias", Size);
                Add(state, $"{layer}.final_layer_norm.weight", Size);
                Add(state, $"{layer}.final_layer_norm.bias", Size);
            }
        }
    }

    private static void Check(Transformer model, StateDict state, string prefix, bool joint)
    {
        foreach (string layer in (string[])["encoder.layers.0", "encoder.layers.1", "decoder.layers.0"])
        {
            foreach (string name in (string[])["self_attn.out_proj", "self_attn_layer_norm", "fc1", "fc2", "final_layer_norm"])
                foreach (string kind in (string[])["weight", "bias"])
                    Assert.Equal(state[$"{prefix}{layer}.{name}.{kind}"].ToFloats(), Value(model, $"{layer}.{name}.{kind}"));
            foreach (string kind in (string[])["weight", "bias"])
                Assert.Equal(Projections($"{prefix}{layer}.self_attn", kind), Value(model, $"{layer}.self_attn.in_proj_{kind}"));
        }
        foreach (string kind in (string[])["weight", "bias"])
        {
            float[] parts = [.. "qkv".SelectMany(letter => Value(model, $"decoder.layers.0.encoder_attn.{letter}_proj.{kind}"))];
            Assert.Equal(Projections($"{prefix}decoder.layers.0.encoder_attn", kind), parts);
        }

        float[] Projections(string name, string kind) =>
            joint ? state[$"{name}.in_proj_{kind}"].ToFloats() : [.. "qkv".SelectMany(letter => state[$"{name}.{letter}_proj.{kind}"].ToFloats())];
    }

    private static float[] Value(Transformer model, string name) =>
        model.Parameters.Single(p => p.Path == (model.Path.Length == 0 ? name : $"{model.Path}.{name}")).ToArray();

    private static float[] Add(StateDict state, string name, params long[] shape)
    {
        var random = new Philox(6).Fork(name);
        long count = 1;
        foreach (long size in shape) count *= size;
        float[] values = [.. Enumerable.Range(0, (int)count).Select(i => (float)random.Normal((uint)i) * 0.3f)];
        state.Add(StateTensor.From(name, shape, values));
        return values;
    }
}
