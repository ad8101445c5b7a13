namespace GpuNets.Kernels;

/// <summary>A batch of products in host memory.</summary>
internal unsafe struct HostGemmProblem
{
    /// <summary>Element (0, 0) of the first product.</summary>
    public float* A, B, C;

    /// <summary>N values, or null.</summary>
    public float* Bias;

    /// <summary>What is added in place of the values of C, placed as C is; null for none. Then <see cref="Accumulate"/> is set.</summary>
    public float* Residual;

    public GemmSize Size;
    public Activation Activation;

    /// <summary>Add to C instead of overwriting it.</summary>
    public bool Accumulate;

    /// <summary>The rows and columns of one product that a thread computes: the operands then start at the block.</summary>
    public readonly HostGemmBlock Block(int product, int row, int rows, int column, int columns)
    {
        var s = Size;
        nint aRow = s.TransposeA ? 1 : s.LeadingA, bColumn = s.TransposeB ? s.LeadingB : 1;
        return new HostGemmBlock
        {
            A = A + product * s.StrideA + row * aRow,
            ARow = aRow,
            AStep = s.TransposeA ? s.LeadingA : 1,
            B = B + product * s.StrideB + column * bColumn,
            BColumn = bColumn,
            BStep = s.TransposeB ? 1 : s.LeadingB,
            C = C + product * s.StrideC + row * (nint)s.LeadingC + column,
            CRow = s.LeadingC,
            Residual = Residual == null ? null : Residual + product * s.StrideC + row * (nint)s.LeadingC + column,
            Bias = Bias == null ? null : Bias + column,
            M = rows,
            N = columns,
            K = s.K,
            Activation = Activation,
            Accumulate = Accumulate,
        };
    }
}

/// <summary>A block of C that one thread computes. Element (r, k) of A is at r * ARow + k * AStep, and so on.</summary>
internal unsafe struct HostGemmBlock
{
    public float* A, B, C, Bias, Residual;
    public nint ARow, AStep, BColumn, BStep, CRow;
    public int M, N, K;
    public Activation Activation;
    public bool Accumulate;
}
