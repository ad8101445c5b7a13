namespace GpuNets.Kernels;

/// <summary>
/// Where one head of one sequence keeps its numbers in one step. The forward pass writes the record, the backward pass reads it; scratch
/// is free between calls.
/// </summary>
internal unsafe struct NtmHead
{
    /// <summary>Head parameters before and after their activations, in the order k, beta, g, s, gamma, e, a.</summary>
    public float* Raw, Act;

    /// <summary>Cosine of each row with the key, norms of the rows, content weighting, weighting after the shift: [N] each.</summary>
    public float* Cosine, Norms, Content, Shifted;

    /// <summary>Two numbers: the sum that the weighting was divided by, the norm of the key.</summary>
    public float* Sums;

    /// <summary>The weighting, and that of the step before: [N].</summary>
    public float* Weights, Previous;

    /// <summary>Scratch of N + 2 Shift: a weighting with its ends repeated on the other side, so that shifts read straight.</summary>
    public float* Gated;

    /// <summary>1 for a write head.</summary>
    public int Writes;
}

/// <summary>What the backward pass of a head needs beyond its record.</summary>
internal unsafe struct NtmHeadGradient
{
    /// <summary>[N]: gradient of the weighting; replaced by that of the weighting of the step before.</summary>
    public float* Weights;

    /// <summary>[M, N]: the gradient of the memory is added here.</summary>
    public float* Memory;

    /// <summary>Gradient of the activated parameters; the write part (e, a) is there already.</summary>
    public float* Act;

    /// <summary>Gradient of the raw parameters. May be the memory of the raw parameters themselves.</summary>
    public float* Raw;

    /// <summary>Scratch of N + 2 Shift, N and N.</summary>
    public float* Halo, Dot, Norm;
}
