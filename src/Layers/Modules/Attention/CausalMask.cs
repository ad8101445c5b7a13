namespace GpuNets;

/// <summary>Which later time steps a query must not see.</summary>
public enum CausalMask
{
    /// <summary>It sees all keys.</summary>
    None,

    /// <summary>
    /// Query t sees keys 0 to t + <see cref="AttentionOptions.CausalShift"/>: both sequences begin at the same time. PyTorch's
    /// <c>is_causal</c> is this one.
    /// </summary>
    FromStart,

    /// <summary>
    /// Both sequences end at the same time, that of a sample at its length: the last query sees all keys of the sample, and query t keys 0
    /// to t + length - queries + <see cref="AttentionOptions.CausalShift"/>. It suits decoding with keys kept from earlier steps.
    /// </summary>
    FromEnd,
}
