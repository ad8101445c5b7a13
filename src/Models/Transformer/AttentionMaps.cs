namespace GpuNets.Models;

/// <summary>Weights with which each head of each layer looks, as matrices in row-major order; rows add up to 1.</summary>
/// <param name="Heads">Heads of a layer.</param>
/// <param name="SourceTime">Tokens of the source.</param>
/// <param name="TargetTime">Tokens that the decoder read: the first token and the target.</param>
/// <param name="Encoder">Self-attention of the encoder, per layer [Heads, SourceTime, SourceTime].</param>
/// <param name="Decoder">Self-attention of the decoder, per layer [Heads, TargetTime, TargetTime].</param>
/// <param name="Cross">Attention of the decoder to the source, per layer [Heads, TargetTime, SourceTime].</param>
public sealed record AttentionMaps(
    int Heads, int SourceTime, int TargetTime, IReadOnlyList<float[]> Encoder, IReadOnlyList<float[]> Decoder, IReadOnlyList<float[]> Cross);
