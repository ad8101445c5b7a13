namespace GpuNets;

/// <summary>What <see cref="Tensor.TopK"/> gives: <c>var (values, indices) = x.TopK(5);</c>.</summary>
/// <param name="Values">The selected values, the first one first: [..., k].</param>
/// <param name="Indices">Where they lie on the last axis: [..., k].</param>
public sealed record TopKResult(Tensor Values, IndexTensor Indices);
