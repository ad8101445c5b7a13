namespace GpuNets.Kernels;

/// <summary>Runs attentions in the form that suits the device. None of them ever holds all scores.</summary>
internal static class Attention
{
    /// <summary>Up to this many queries, keys are not packed on CPUs under OpenCL, and are cut into parts on GPUs.</summary>
    private const int MostDecoded = 4;

    /// <summary>o = attention of the problem; softmax [batch, heads, queries, 2] is what backward needs, null if there is no backward.</summary>
    public static void Forward(AttentionProblem problem, in AttentionOperand output, DeviceBuffer? softmax)
    {
        if (problem.Size.Rows == 0) return;
        if (problem.Size.IsWide) Wide(problem, output, softmax);
        else if (problem.Device.Form == ExecutionForm.Host) HostAttention.Forward(problem, output, softmax);
        else if (problem.Size.Queries <= MostDecoded && TeamAttentionLauncher.Suits(problem.Device)) TeamDecodeLauncher.Forward(problem, output, softmax);
        else if (TensorAttentionLauncher.Suits(problem)) TensorAttentionLauncher.Forward(problem, output, softmax);
        else if (TeamAttentionLauncher.Suits(problem.Device)) TeamAttentionLauncher.Forward(problem, output, softmax);
        else if (problem.Device.Form == ExecutionForm.Serial && problem.Size.Queries <= MostDecoded && problem.Size.Keys > 0) AttentionDecode.Launch(problem, output, softmax);
        else BlockedAttention.Forward(problem, output, softmax, BlockedAttention.Scratch);
    }

    /// <summary>The gradients, given the output, what forward left, and the gradient of the output.</summary>
    public static void Backward(
        AttentionProblem problem, in AttentionOperand output, DeviceBuffer softmax, in AttentionOperand outputGradient, AttentionGradients gradients)
    {
        if (problem.Size.Rows == 0)
        {
            foreach (var buffer in new[] { gradients.Query?.Buffer, gradients.Key?.Buffer, gradients.Value?.Buffer, gradients.Bias })
                if (buffer is not null) problem.Device.Clear(buffer);
            return;
        }
        if (problem.Size.IsWide) BlockedAttention.Backward(problem, output, softmax, outputGradient, gradients, BlockedAttention.Scratch);
        else if (problem.Device.Form == ExecutionForm.Host) HostAttention.Backward(problem, output, softmax, outputGradient, gradients);
        else if (gradients.Bias is null && TensorAttentionLauncher.Suits(problem)) TensorAttentionLauncher.Backward(problem, output, softmax, outputGradient, gradients);
        else if (gradients.Bias is null && TeamAttentionLauncher.Suits(problem.Device)) TeamAttentionLauncher.Backward(problem, output, softmax, outputGradient, gradients);
        else BlockedAttention.Backward(problem, output, softmax, outputGradient, gradients, BlockedAttention.Scratch);
    }

    // Without a backward pass keys may lie in a cache, whose room behind the lengths holds no numbers: these are not to be multiplied, not even with 0.
    private static void Wide(AttentionProblem problem, in AttentionOperand output, DeviceBuffer? softmax)
    {
        if (softmax is null && problem.Size.Keys > 0) AttentionDecode.Launch(problem, output, softmax);
        else BlockedAttention.Forward(problem, output, softmax, BlockedAttention.Scratch);
    }
}
