namespace GpuNets.Kernels;

/// <summary>A <see cref="GemmSize"/> as kernels take it: steps instead of flags, offsets already in the views.</summary>
internal struct GemmGeometry
{
    public int M, N, K;

    /// <summary>Element (r, k) of A is at r * ARow + k * AStep, element (k, c) of B at k * BStep + c * BColumn.</summary>
    public int ARow, AStep, BStep, BColumn, LeadingC;
    public long StrideA, StrideB, StrideC;

    /// <summary>1 or 0: kernels take no bool.</summary>
    public int HasBias, Accumulate;

    public GemmGeometry(in GemmSize size, bool hasBias, bool accumulate)
    {
        (M, N, K, LeadingC) = (size.M, size.N, size.K, size.LeadingC);
        (ARow, AStep) = size.TransposeA ? (1, size.LeadingA) : (size.LeadingA, 1);
        (BStep, BColumn) = size.TransposeB ? (1, size.LeadingB) : (size.LeadingB, 1);
        (StrideA, StrideB, StrideC) = (size.StrideA, size.StrideB, size.StrideC);
        (HasBias, Accumulate) = (hasBias ? 1 : 0, accumulate ? 1 : 0);
    }
}
