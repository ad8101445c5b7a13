using ILGPU;

namespace GpuNets.Kernels;

/// <summary>
/// c[r, j] = f((accumulate ? old[r, j] : 0) + sum[r, j] + bias[j]) for the last columns of C, whose sums lie in a panel of their own
/// because C has no room for whole panels.
/// </summary>
internal struct FinishRows<TActivation> : IRowKernel where TActivation : struct, IUnaryOp
{
    /// <summary>C, old values and bias from the first of these columns on; sums [product][row][32].</summary>
    public ArrayView<float> C, Old, Bias, Sums;
    public GemmGeometry Size;

    /// <summary>How many columns there are.</summary>
    public int Columns;

    public readonly unsafe void Row<TTeam>(int row) where TTeam : struct, ITeam =>
        TTeam.Each(Columns, new Body
        {
            C = C.Ptr() + (int)(row / Size.M * Size.StrideC + (long)(row % Size.M) * Size.LeadingC),
            Old = Old.Ptr() + (int)(row / Size.M * Size.StrideC + (long)(row % Size.M) * Size.LeadingC),
            Bias = Bias.Ptr(),
            Sums = Sums.Ptr() + row * Row32.Width,
            HasBias = Size.HasBias,
            Accumulate = Size.Accumulate,
        });

    private unsafe struct Body : IElementBody
    {
        public float* C, Old, Bias, Sums;
        public int HasBias, Accumulate;

        public readonly void At<T>(int i) where T : struct, ILane<T>
        {
            T sum = T.Load(Sums, i);
            if (HasBias != 0) sum += T.Load(Bias, i);
            if (Accumulate != 0) sum = T.Load(Old, i) + sum;
            T.Store(C, i, TActivation.Forward(sum));
        }
    }
}
