using ILGPU;

namespace GpuNets.Kernels;

/// <summary>The operands of a batch of products on a device; each view starts at the operand's first element.</summary>
internal readonly record struct GemmOperands(ArrayView<float> A, ArrayView<float> B, ArrayView<float> C, ArrayView<float> Bias)
{
    /// <summary>What <see cref="GemmGeometry.Accumulate"/> adds, placed as C is: C itself, or a residual.</summary>
    public ArrayView<float> Old { get; init; } = C;
}
