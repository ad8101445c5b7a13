namespace GpuNets.Models;

/// <summary>Where a sub-layer is normalised.</summary>
public enum NormPlacement
{
    /// <summary>LayerNorm(x + dropout(f(x))): the paper. It needs a warm-up.</summary>
    Post,

    /// <summary>x + dropout(f(LayerNorm(x))) and a last norm behind each stack: tensor2tensor since version 2.</summary>
    Pre,
}
