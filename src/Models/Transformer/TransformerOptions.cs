using System.Text.Json.Serialization;

namespace GpuNets.Models;

/// <summary>Sizes and variants of a <see cref="Transformer"/>. The defaults are the paper's base model.</summary>
public sealed partial record TransformerOptions
{
    /// <summary>Tokens of the source's vocabulary.</summary>
    public int SourceVocabulary { get; init; } = 37_000;

    /// <summary>Tokens of the target's vocabulary.</summary>
    public int TargetVocabulary { get; init; } = 37_000;

    /// <summary>N: layers of the encoder.</summary>
    public int EncoderLayers { get; init; } = 6;

    /// <summary>N: layers of the decoder.</summary>
    public int DecoderLayers { get; init; } = 6;

    /// <summary>d_model: features of a token.</summary>
    public int Size { get; init; } = 512;

    /// <summary>d_ff: units between the two layers of a feed-forward network.</summary>
    public int HiddenSize { get; init; } = 2048;

    /// <summary>h: heads of each attention.</summary>
    public int Heads { get; init; } = 8;

    /// <summary>d_k: features of a head's queries and keys; null: Size / Heads.</summary>
    public int? KeySize { get; init; }

    /// <summary>d_v: features of a head's values; null: Size / Heads.</summary>
    public int? ValueSize { get; init; }

    /// <summary>P_drop: dropout of each sub-layer's output and of embeddings with positions.</summary>
    public float Dropout { get; init; } = 0.1f;

    /// <summary>Dropout of attention weights; 0 in the paper, 0.1 in later versions of tensor2tensor.</summary>
    public float AttentionDropout { get; init; }

    /// <summary>Dropout between the two layers of a feed-forward network; 0 in the paper.</summary>
    public float ActivationDropout { get; init; }

    /// <summary>eps_ls: label smoothing of the loss of training.</summary>
    public float LabelSmoothing { get; init; } = 0.1f;

    /// <summary>Where the smoothed share goes.</summary>
    public LabelSmoothingForm SmoothingForm { get; init; } = LabelSmoothingForm.OthersOnly;

    /// <summary>The function of feed-forward networks.</summary>
    public FeedForwardActivation Activation { get; init; } = FeedForwardActivation.Relu;

    /// <summary>Where sub-layers are normalised.</summary>
    public NormPlacement Norm { get; init; } = NormPlacement.Post;

    /// <summary>Added to the variance by layer norms.</summary>
    public float NormEpsilon { get; init; } = 1e-6f;

    /// <summary>What tells places apart.</summary>
    public TransformerPositions Positions { get; init; } = TransformerPositions.Interleaved;

    /// <summary>Number of the first place; fairseq begins at 2.</summary>
    public int FirstPosition { get; init; }

    /// <summary>Most tokens of a sequence: rows of the table of positions.</summary>
    public int MaxLength { get; init; } = 1024;

    /// <summary>Which embeddings are one matrix.</summary>
    public EmbeddingSharing Sharing { get; init; } = EmbeddingSharing.All;

    /// <summary>Biases in the four projections of attention; the paper shows none.</summary>
    public bool AttentionBias { get; init; }

    /// <summary>A bias of the logits, such as Marian's final_logits_bias.</summary>
    public bool OutputBias { get; init; }

    /// <summary>Factor of embeddings at the inputs; null: sqrt(Size).</summary>
    public float? EmbeddingScale { get; init; }

    /// <summary>First weights.</summary>
    public TransformerInitialization Initialization { get; init; } = TransformerInitialization.TensorToTensor;

    /// <summary>Token that fills up short sequences; it never counts.</summary>
    public int PadId { get; init; }

    /// <summary>Token that the decoder begins with; fairseq uses the end token, Marian the pad token.</summary>
    public int BosId { get; init; } = 1;

    /// <summary>Token that ends a sequence.</summary>
    public int EosId { get; init; } = 2;

    /// <summary>Token of what the vocabulary lacks.</summary>
    public int UnkId { get; init; } = 3;

    /// <summary>d_k.</summary>
    [JsonIgnore]
    public int HeadSize => KeySize ?? Size / Heads;

    /// <summary>d_v.</summary>
    [JsonIgnore]
    public int HeadValueSize => ValueSize ?? Size / Heads;

    /// <summary>Factor of embeddings at the inputs.</summary>
    [JsonIgnore]
    public float Scale => EmbeddingScale ?? MathF.Sqrt(Size);

    /// <summary>Number of parameters of a model with these options, without making it.</summary>
    [JsonIgnore]
    public long ParameterCount
    {
        get
        {
            long d = Size, keys = (long)Heads * HeadSize, values = (long)Heads * HeadValueSize, norm = 2 * d;
            long attention = 2 * d * keys + 2 * d * values + (AttentionBias ? 2 * keys + values + d : 0), feedForward = 2 * d * HiddenSize + HiddenSize + d;
            long layers = EncoderLayers * (attention + feedForward + 2 * norm) + DecoderLayers * (2 * attention + feedForward + 3 * norm);
            long embeddings = d * Sharing switch
            {
                EmbeddingSharing.All => SourceVocabulary,
                EmbeddingSharing.Decoder => SourceVocabulary + (long)TargetVocabulary,
                _ => SourceVocabulary + 2L * TargetVocabulary,
            };
            long positions = Positions == TransformerPositions.Learned ? 2 * d * (MaxLength + FirstPosition) : 0;
            return layers + embeddings + positions + (Norm == NormPlacement.Pre ? 2 * norm : 0) + (OutputBias ? TargetVocabulary : 0);
        }
    }

    /// <summary>Refuses settings that make no sense.</summary>
    /// <exception cref="ArgumentException">A setting is out of range; the message names it.</exception>
    public void Validate()
    {
        foreach (var (name, value, least) in new[]
        {
            (nameof(SourceVocabulary), SourceVocabulary, 2), (nameof(TargetVocabulary), TargetVocabulary, 2), (nameof(EncoderLayers), EncoderLayers, 1),
            (nameof(DecoderLayers), DecoderLayers, 1), (nameof(Size), Size, 1), (nameof(HiddenSize), HiddenSize, 1), (nameof(Heads), Heads, 1),
            (nameof(KeySize), KeySize ?? 1, 1), (nameof(ValueSize), ValueSize ?? 1, 1), (nameof(MaxLength), MaxLength, 1), (nameof(FirstPosition), FirstPosition, 0),
        })
        {
            if (value < least) throw new ArgumentException($"{name} is {value} but must be at least {least}.");
        }
        if (Size % Heads != 0 && (KeySize is null || ValueSize is null))
            throw new ArgumentException($"Size {Size} does not divide into {Heads} Heads; give KeySize and ValueSize.");
        foreach (var (name, value) in new[]
        {
            (nameof(Dropout), Dropout), (nameof(AttentionDropout), AttentionDropout), (nameof(ActivationDropout), ActivationDropout),
            (nameof(LabelSmoothing), LabelSmoothing),
        })
        {
            if (!(value is >= 0f and < 1f)) throw new ArgumentException($"{name} is {value} but must lie in [0, 1).");
        }
        if (!(NormEpsilon > 0) || !float.IsFinite(NormEpsilon)) throw new ArgumentException($"NormEpsilon is {NormEpsilon} but must be above 0.");
        if (!(Scale > 0) || !float.IsFinite(Scale)) throw new ArgumentException($"EmbeddingScale is {Scale} but must be above 0.");
        foreach (Enum choice in (Enum[])[Activation, Norm, Positions, Sharing, Initialization, SmoothingForm])
            if (!Enum.IsDefined(choice.GetType(), choice)) throw new ArgumentException($"{choice.GetType().Name} has no value {choice}.");
        bool sinusoidal = Positions is TransformerPositions.Interleaved or TransformerPositions.Halves or TransformerPositions.PaperHalves;
        if (sinusoidal && Size % 2 != 0) throw new ArgumentException($"Size is {Size} but must be even for positions of sines and cosines.");
        if (Positions == TransformerPositions.Halves && Size < 4) throw new ArgumentException($"Size is {Size} but must be at least 4 for positions in halves.");
        if (Sharing == EmbeddingSharing.All && SourceVocabulary != TargetVocabulary)
            throw new ArgumentException($"Sharing is All but SourceVocabulary ({SourceVocabulary}) and TargetVocabulary ({TargetVocabulary}) differ.");
        foreach (var (name, id) in new[] { (nameof(PadId), PadId), (nameof(BosId), BosId), (nameof(EosId), EosId), (nameof(UnkId), UnkId) })
            if (id < 0 || id >= TargetVocabulary) throw new ArgumentException($"{name} is {id} but the vocabulary of the target has {TargetVocabulary} tokens.");
        if (PadId >= SourceVocabulary) throw new ArgumentException($"PadId is {PadId} but the vocabulary of the source has {SourceVocabulary} tokens.");
        if (SmoothingForm == LabelSmoothingForm.OthersButPad && !(LabelSmoothing * TargetVocabulary <= TargetVocabulary - 2))
            throw new ArgumentException($"LabelSmoothing is {LabelSmoothing} but must be at most (V - 2) / V for {TargetVocabulary} tokens without the pad token.");
        if (PadId == EosId) throw new ArgumentException($"PadId and EosId are both {PadId}: no sequence could end.");
    }
}
