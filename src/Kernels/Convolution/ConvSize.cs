namespace GpuNets.Kernels;

/// <summary>
/// Sizes of a convolution as PyTorch defines it: x [Batch, In, Height, Width], weight [Out, In / Groups, KernelHeight, KernelWidth],
/// y [Batch, Out, OutHeight, OutWidth], y[n, o, p, q] = sum_(c, i, j) weight[o, c, i, j] x[n, c, p StrideY + i DilationY - Top, ...]
/// with zeros outside of x. One-dimensional convolutions have one row.
/// </summary>
internal sealed record ConvSize
{
    public required int Batch { get; init; }
    public required int In { get; init; }
    public required int Out { get; init; }
    public required int Height { get; init; }
    public required int Width { get; init; }
    public required int KernelHeight { get; init; }
    public required int KernelWidth { get; init; }
    public required int OutHeight { get; init; }
    public required int OutWidth { get; init; }
    public int Groups { get; init; } = 1;
    public int StrideY { get; init; } = 1;
    public int StrideX { get; init; } = 1;
    public int DilationY { get; init; } = 1;
    public int DilationX { get; init; } = 1;

    /// <summary>Rows of zeros above x, columns of zeros left of it; those below and right follow from the output's size.</summary>
    public int Top { get; init; }
    public int Left { get; init; }

    /// <summary>Which taps exist; null for all.</summary>
    public ConvMask? Mask { get; init; }

    public int InPerGroup => In / Groups;
    public int OutPerGroup => Out / Groups;
    public int Kernel => KernelHeight * KernelWidth;
    public int InPlane => Height * Width;
    public int OutPlane => OutHeight * OutWidth;

    /// <summary>Taps that are computed.</summary>
    public int Taps => Mask?.Taps ?? Kernel;

    /// <summary>Multiplications and additions.</summary>
    public double Flops => 2.0 * Batch * Out * OutPlane * InPerGroup * Taps;

    /// <summary>Length of one axis of the output.</summary>
    public static int OutLength(int length, int before, int after, int kernel, int stride, int dilation)
    {
        int free = length + before + after - dilation * (kernel - 1) - 1;
        return free < 0 ? 0 : free / stride + 1;
    }
}
