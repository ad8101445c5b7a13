using ILGPU;

namespace GpuNets.Kernels;

/// <summary>
/// The form for CPUs under OpenCL: each item computes a register tile of TRows rows (1 or 4) by 32 neighbouring columns, which the
/// device's compiler turns into vector registers. B is read row by row in place, or from panels [panel][k][32]. Groups extend over
/// rows, so that their items share a panel. Rows beyond the matrix read its last row and are not stored: there is no early return,
/// which would cost the vectors. Only whole panels of columns: guards on 128 stores made the kernel five times slower to compile.
/// </summary>
/// <remarks>PoCL 6 reaches 0.9 to 1.15 times libtorch per core with 4 x 32; 4 x 8 reaches 0.4, one output per item 0.01.</remarks>
internal struct ItemGemm<TRows> : IGridKernel where TRows : struct, ICount
{
    public ArrayView<float> A, B, C, Old, Bias;
    public GemmGeometry Size;

    /// <summary>Elements of B from one panel, k or product to the next.</summary>
    public int PanelStep, BStep;
    public long BStride;

    /// <summary>First row of the launch, and its first product.</summary>
    public int FirstRow, FirstProduct;

    public readonly void Run()
    {
        int row = FirstRow + (Grid.IdxY * Group.DimY + Group.IdxY) * TRows.Value, product = FirstProduct + Grid.IdxZ;
        var a = A.SubView(product * Size.StrideA, A.Length - product * Size.StrideA);
        var b = B.SubView(product * BStride, B.Length - product * BStride);
        int last = Size.M - 1, bIndex = Grid.IdxX * PanelStep;
        int a0 = Smaller(row, last) * Size.ARow, a1 = Smaller(row + 1, last) * Size.ARow;
        int a2 = Smaller(row + 2, last) * Size.ARow, a3 = Smaller(row + 3, last) * Size.ARow;
        Row32 s0 = default, s1 = default, s2 = default, s3 = default;
        for (int k = 0; k < Size.K; k++)
        {
            var x = Row32.Load(b, bIndex);
            bIndex += BStep;
            s0 = Row32.MulAdd(a[a0], x, s0);
            a0 += Size.AStep;
            if (TRows.Value > 1)
            {
                s1 = Row32.MulAdd(a[a1], x, s1);
                s2 = Row32.MulAdd(a[a2], x, s2);
                s3 = Row32.MulAdd(a[a3], x, s3);
                a1 += Size.AStep;
                a2 += Size.AStep;
                a3 += Size.AStep;
            }
        }
        int column = Grid.IdxX * Row32.Width;
        if (Size.HasBias != 0)
        {
            var bias = Row32.Load(Bias, column);
            s0 = Row32.Add(s0, bias);
            if (TRows.Value > 1)
            {
                s1 = Row32.Add(s1, bias);
                s2 = Row32.Add(s2, bias);
                s3 = Row32.Add(s3, bias);
            }
        }
        long c = product * Size.StrideC + (long)row * Size.LeadingC + column;
        if (row < Size.M) Store(c, s0);
        if (TRows.Value > 1)
        {
            if (row + 1 < Size.M) Store(c + Size.LeadingC, s1);
            if (row + 2 < Size.M) Store(c + 2L * Size.LeadingC, s2);
            if (row + 3 < Size.M) Store(c + 3L * Size.LeadingC, s3);
        }
    }

    private readonly void Store(long index, Row32 sum)
    {
        if (Size.Accumulate != 0) sum = Row32.Add(sum, Row32.Load(Old.SubView(index, Row32.Width), 0));
        Row32.Store(C, index, sum);
    }

    private static int Smaller(int x, int y) => x < y ? x : y;
}
