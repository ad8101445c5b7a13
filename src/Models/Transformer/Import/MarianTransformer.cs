namespace GpuNets.Models;

/// <summary>
/// Translation models of Marian (OPUS-MT) with the names of Hugging Face's <c>MarianMTModel</c>, in safetensors. The end token is 0, the unknown one 1, the pad
/// token the last of the vocabulary; the decoder begins with the pad token, and sources end with the end token.
/// </summary>
public static class MarianTransformer
{
    /// <summary>Options that fit a file: sizes from its shapes, the rest as Marian has it.</summary>
    /// <param name="state">The file.</param>
    /// <param name="heads">Heads, which shapes do not tell; null: one per 64 features.</param>
    /// <param name="activation">The function of feed-forward networks; <c>activation_function</c> in config.json tells.</param>
    /// <exception cref="StateDictException">A tensor that must be there is not.</exception>
    public static TransformerOptions Options(StateDict state, int? heads = null, FeedForwardActivation activation = FeedForwardActivation.Swish)
    {
        ArgumentNullException.ThrowIfNull(state);
        bool shared = state.TryGet("model.shared.weight", out _);
        string source = shared ? "model.shared.weight" : "model.encoder.embed_tokens.weight", target = shared ? source : "model.decoder.embed_tokens.weight";
        int vocabulary = (int)TransformerImport.Matrix(state, target)[0];
        return TransformerImport.Sizes(state, "model.", source, heads) with
        {
            SourceVocabulary = (int)TransformerImport.Matrix(state, source)[0],
            TargetVocabulary = vocabulary,
            Sharing = shared ? EmbeddingSharing.All : EmbeddingSharing.Decoder,
            Positions = TransformerPositions.PaperHalves,
            MaxLength = 512,
            Activation = activation,
            OutputBias = true,
            BosId = vocabulary - 1,
            PadId = vocabulary - 1,
            EosId = 0,
            UnkId = 1,
        };
    }

    /// <summary>Puts a file's weights in place.</summary>
    /// <param name="model">A model with the <see cref="Options"/> of the file.</param>
    /// <param name="state">The file.</param>
    /// <exception cref="StateDictException">Names or shapes differ; lists them all, and nothing was changed.</exception>
    public static void Load(Transformer model, StateDict state)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(state);
        var import = new TransformerImport(model, state, "model.");
        import.AddLayers();
        if (model.Options.Sharing == EmbeddingSharing.All)
        {
            import.Add("model.shared.weight", "embed_tokens.weight");
        }
        else
        {
            import.Add("model.encoder.embed_tokens.weight", "encoder.embed_tokens.weight");
            import.Add("model.decoder.embed_tokens.weight", "decoder.embed_tokens.weight");
            if (model.Options.Sharing == EmbeddingSharing.None) import.Add("lm_head.weight", "decoder.output_projection.weight");
        }
        if (model.Options.OutputBias) import.Add("final_logits_bias", "decoder.output_projection.bias", [1, model.Options.TargetVocabulary]);
        // Copies of shared matrices, and tables of sines and cosines.
        import.Load(name => name is "lm_head.weight" or "model.encoder.embed_tokens.weight" or "model.decoder.embed_tokens.weight"
            or "model.encoder.embed_positions.weight" or "model.decoder.embed_positions.weight");
    }
}
