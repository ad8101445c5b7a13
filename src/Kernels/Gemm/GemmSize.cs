namespace GpuNets.Kernels;

/// <summary>
/// Sizes and places of the operands of a batch of matrix products: op(A) is [M, K], op(B) is [K, N], C is [M, N], all row-major.
/// The constructor describes densely packed operands; the properties place them anywhere in their buffers.
/// </summary>
public readonly record struct GemmSize
{
    /// <summary>Dense operands, one after the other in their buffers.</summary>
    /// <param name="m">Rows of C.</param>
    /// <param name="n">Columns of C.</param>
    /// <param name="k">Terms of each sum. With 0 terms, every sum is 0.</param>
    /// <param name="batch">Number of products.</param>
    /// <param name="transposeA">A is stored as [K, M].</param>
    /// <param name="transposeB">B is stored as [N, K].</param>
    public GemmSize(int m, int n, int k, int batch = 1, bool transposeA = false, bool transposeB = false)
    {
        (M, N, K, Batch, TransposeA, TransposeB) = (m, n, k, batch, transposeA, transposeB);
        (LeadingA, LeadingB, LeadingC) = (transposeA ? m : k, transposeB ? k : n, n);
        (StrideA, StrideB, StrideC) = ((long)m * k, (long)k * n, (long)m * n);
    }

    /// <summary>Rows of C.</summary>
    public int M { get; init; }

    /// <summary>Columns of C.</summary>
    public int N { get; init; }

    /// <summary>Terms of each sum.</summary>
    public int K { get; init; }

    /// <summary>Number of products.</summary>
    public int Batch { get; init; }

    /// <summary>A is stored as [K, M].</summary>
    public bool TransposeA { get; init; }

    /// <summary>B is stored as [N, K].</summary>
    public bool TransposeB { get; init; }

    /// <summary>Elements from one stored row of A to the next.</summary>
    public int LeadingA { get; init; }

    /// <summary>Elements from one stored row of B to the next.</summary>
    public int LeadingB { get; init; }

    /// <summary>Elements from one row of C to the next.</summary>
    public int LeadingC { get; init; }

    /// <summary>Elements from one A of the batch to the next; 0 if all products share one A.</summary>
    public long StrideA { get; init; }

    /// <summary>Elements from one B of the batch to the next; 0 if all products share one B.</summary>
    public long StrideB { get; init; }

    /// <summary>Elements from one C of the batch to the next.</summary>
    public long StrideC { get; init; }

    /// <summary>First element of A in its buffer.</summary>
    public int OffsetA { get; init; }

    /// <summary>First element of B in its buffer.</summary>
    public int OffsetB { get; init; }

    /// <summary>First element of C in its buffer.</summary>
    public int OffsetC { get; init; }

    /// <summary>Multiplications and additions of the whole batch.</summary>
    public double Flops => 2.0 * M * N * K * Batch;

    /// <summary>
    /// The same work in one product, if all products share one B and their rows follow each other: a batch of [time, features] times one
    /// weight is then a single matrix product with more rows.
    /// </summary>
    internal GemmSize Folded() =>
        Batch > 1 && StrideB == 0 && !TransposeA && StrideA == (long)M * LeadingA && StrideC == (long)M * LeadingC
            ? this with { M = M * Batch, Batch = 1 }
            : this;

    internal long LastA => Last(OffsetA, StrideA, TransposeA ? K : M, LeadingA, TransposeA ? M : K);

    internal long LastB => Last(OffsetB, StrideB, TransposeB ? N : K, LeadingB, TransposeB ? K : N);

    internal long LastC => Last(OffsetC, StrideC, M, LeadingC, N);

    // One beyond the last element that is touched.
    private long Last(int offset, long stride, int rows, int leading, int columns) =>
        rows == 0 || columns == 0 ? 0 : offset + (Batch - 1) * stride + (rows - 1L) * leading + columns;
}
