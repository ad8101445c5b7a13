using ILGPU;

namespace GpuNets.Kernels;

/// <summary>
/// c[r, j] = f((accumulate ? old[r, j] : 0) + sum_s partial[s, r, j] + bias[j]), s ascending: the second stage of products whose sums over k
/// were cut into parts. The parts depend on the sizes and the device alone, so that the same input gives the same bits.
/// </summary>
internal struct SplitSums<TActivation> : IRowKernel where TActivation : struct, IUnaryOp
{
    /// <summary>Partial sums [part][product][row][column].</summary>
    public ArrayView<float> C, Old, Bias, Partial;
    public GemmGeometry Size;
    public int Parts, PartStep;

    public readonly unsafe void Row<TTeam>(int row) where TTeam : struct, ITeam =>
        TTeam.Each(Size.N, new Body
        {
            C = C.Ptr() + (int)(row / Size.M * Size.StrideC + (long)(row % Size.M) * Size.LeadingC),
            Old = Old.Ptr() + (int)(row / Size.M * Size.StrideC + (long)(row % Size.M) * Size.LeadingC),
            Bias = Bias.Ptr(),
            Partial = Partial.Ptr() + row * Size.N,
            Parts = Parts,
            PartStep = PartStep,
            HasBias = Size.HasBias,
            Accumulate = Size.Accumulate,
        });

    private unsafe struct Body : IElementBody
    {
        public float* C, Old, Bias, Partial;
        public int Parts, PartStep, HasBias, Accumulate;

        public readonly void At<T>(int i) where T : struct, ILane<T>
        {
            T sum = T.Load(Partial, i);
            for (int part = 1; part < Parts; part++) sum += T.Load(Partial, i + part * PartStep);
            if (HasBias != 0) sum += T.Load(Bias, i);
            if (Accumulate != 0) sum = T.Load(Old, i) + sum;
            T.Store(C, i, TActivation.Forward(sum));
        }
    }
}
