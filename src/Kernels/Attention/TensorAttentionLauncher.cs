using ILGPU;
using ILGPU.Runtime;

namespace GpuNets.Kernels;

/// <summary>
/// Rounds the operands of an attention to bfloat16, picks the type arguments of its kernels for tensor cores and launches them. Heads beyond
/// <see cref="LargestSize"/> features take the float32 form, as do a few queries: those wait for memory, not for products.
/// </summary>
internal static class TensorAttentionLauncher
{
    /// <summary>Features of the largest head: more sums than this do not fit the registers of a thread.</summary>
    public const int LargestSize = 128;

    /// <summary>From so many queries on, a quarter of a group's rows.</summary>
    private const int FewestQueries = 16;

    /// <summary>Whether a device computes a problem so, in the precision it has now.</summary>
    public static bool Suits(AttentionProblem problem) =>
        problem.Device.HasTensorCores && problem.Device.Precision == Precision.BFloat16 && problem.Size.Queries >= FewestQueries && Fits(problem.Size);

    /// <summary>Whether there are kernels for such sizes.</summary>
    public static bool Fits(in AttentionSize size) => size.Rows > 0 && size.Keys > 0 && Math.Max(size.Size, size.ValueSize) <= LargestSize;

    public static void Forward(AttentionProblem problem, in AttentionOperand output, DeviceBuffer? softmax)
    {
        if (HasExtras(problem)) Forward<BiasAndDropout>(problem, output, softmax);
        else Forward<NoExtras>(problem, output, softmax);
    }

    /// <summary>All gradients but that of a bias, which <see cref="BlockedAttention"/> makes.</summary>
    public static void Backward(
        AttentionProblem problem, in AttentionOperand output, DeviceBuffer softmax, in AttentionOperand outputGradient, AttentionGradients gradients)
    {
        if (HasExtras(problem)) Backward<BiasAndDropout>(problem, output, softmax, outputGradient, gradients);
        else Backward<NoExtras>(problem, output, softmax, outputGradient, gradients);
    }

    private static bool HasExtras(AttentionProblem problem) => problem.Bias is not null || problem.Dropout > 0 || !(problem.Scale > 0);

    private static int Parts(AttentionProblem problem) => (Math.Max(problem.Size.Size, problem.Size.ValueSize) + 31) / 32;

    private static void Forward<TExtras>(AttentionProblem problem, in AttentionOperand output, DeviceBuffer? softmax) where TExtras : struct, ITensorExtras
    {
        switch (Parts(problem))
        {
            case 1: TensorAttentionRun<Head32, TExtras>.Forward(problem, output, softmax); break;
            case 2: TensorAttentionRun<Head64, TExtras>.Forward(problem, output, softmax); break;
            case 3: TensorAttentionRun<Head96, TExtras>.Forward(problem, output, softmax); break;
            default: TensorAttentionRun<Head128, TExtras>.Forward(problem, output, softmax); break;
        }
    }

    private static void Backward<TExtras>(
        AttentionProblem problem, in AttentionOperand output, DeviceBuffer softmax, in AttentionOperand outputGradient, AttentionGradients gradients)
        where TExtras : struct, ITensorExtras
    {
        switch (Parts(problem))
        {
            case 1: TensorAttentionRun<Head32, TExtras>.Backward(problem, output, softmax, outputGradient, gradients); break;
            case 2: TensorAttentionRun<Head64, TExtras>.Backward(problem, output, softmax, outputGradient, gradients); break;
            case 3: TensorAttentionRun<Head96, TExtras>.Backward(problem, output, softmax, outputGradient, gradients); break;
            default: TensorAttentionRun<Head128, TExtras>.Backward(problem, output, softmax, outputGradient, gradients); break;
        }
    }
}
