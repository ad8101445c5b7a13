namespace GpuNets.Models;

/// <summary>Makes the parts of layers as options say.</summary>
internal static class TransformerParts
{
    public static LayerNorm Norm(Vars vars, TransformerOptions options) =>
        new(vars, options.Size, new LayerNormOptions { Epsilon = options.NormEpsilon });

    /// <param name="vars">Where the parameters go.</param>
    /// <param name="options">The model's options.</param>
    /// <param name="separate">Whether it looks at another sequence, so that its projections are matrices of their own.</param>
    public static MultiHeadAttention Attention(Vars vars, TransformerOptions options, bool separate)
    {
        // Three projections in one matrix: each counts for itself.
        bool joint = !separate && options.Heads * options.HeadSize == options.Size && options.Heads * options.HeadValueSize == options.Size;
        return new MultiHeadAttention(vars, options.Size, options.Heads, new MultiHeadAttentionOptions
        {
            HeadSize = options.HeadSize,
            HeadValueSize = options.HeadValueSize,
            Bias = options.AttentionBias,
            Dropout = options.AttentionDropout,
            Separate = separate,
            InputInitializer = joint ? Init.Uniform(Math.Sqrt(3.0 / options.Size)) : Init.XavierUniform(),
            OutputInitializer = Init.XavierUniform(),
        });
    }
}
