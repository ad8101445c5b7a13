namespace GpuNets.Models;

/// <summary>
/// Translation models of fairseq (<c>transformer.wmt16.en-de</c> and the like), converted to safetensors. Their dictionaries begin with &lt;s&gt; 0, &lt;pad&gt; 1,
/// &lt;/s&gt; 2, &lt;unk&gt; 3; sources end with &lt;/s&gt;, with which the decoder begins as well. Files of either age are read: projections apart, or together
/// as <c>in_proj_weight</c>.
/// </summary>
public static class FairseqTransformer
{
    /// <summary>Options that fit a file: sizes from its shapes, the rest as fairseq has it.</summary>
    /// <param name="state">The file.</param>
    /// <param name="heads">Heads, which shapes do not tell; null: one per 64 features.</param>
    /// <exception cref="StateDictException">A tensor that must be there is not.</exception>
    public static TransformerOptions Options(StateDict state, int? heads = null)
    {
        ArgumentNullException.ThrowIfNull(state);
        const string source = "encoder.embed_tokens.weight", target = "decoder.embed_tokens.weight", places = "encoder.embed_positions.weight";
        const int firstPosition = 2;
        bool learned = state.TryGet(places, out _);
        bool shared = state[source].Bytes.Span.SequenceEqual(state[target].Bytes.Span);
        bool tied = !state.TryGet("decoder.output_projection.weight", out var output) || output.Bytes.Span.SequenceEqual(state[target].Bytes.Span);
        return TransformerImport.Sizes(state, "", source, heads) with
        {
            SourceVocabulary = (int)TransformerImport.Matrix(state, source)[0],
            TargetVocabulary = (int)TransformerImport.Matrix(state, target)[0],
            Sharing = !tied ? EmbeddingSharing.None : shared ? EmbeddingSharing.All : EmbeddingSharing.Decoder,
            Positions = learned ? TransformerPositions.Learned : TransformerPositions.Halves,
            FirstPosition = firstPosition,
            MaxLength = learned ? (int)TransformerImport.Matrix(state, places)[0] - firstPosition : 1024,
            BosId = 2,
            PadId = 1,
            EosId = 2,
            UnkId = 3,
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
        var import = new TransformerImport(model, state, "");
        import.AddLayers();
        bool shared = model.Options.Sharing == EmbeddingSharing.All;
        import.Add("encoder.embed_tokens.weight", shared ? "embed_tokens.weight" : "encoder.embed_tokens.weight");
        if (!shared) import.Add("decoder.embed_tokens.weight", "decoder.embed_tokens.weight");
        if (model.Options.Sharing == EmbeddingSharing.None) import.Add("decoder.output_projection.weight", "decoder.output_projection.weight");
        if (model.Options.Positions == TransformerPositions.Learned)
            foreach (string stack in (string[])["encoder", "decoder"]) import.Add($"{stack}.embed_positions.weight", $"{stack}.embed_positions.weight");
        import.Load(name => name is "encoder.version" or "decoder.version" or "encoder.embed_positions._float_tensor" or "decoder.embed_positions._float_tensor"
            || shared && name == "decoder.embed_tokens.weight" || model.Options.Sharing != EmbeddingSharing.None && name == "decoder.output_projection.weight");
    }
}
