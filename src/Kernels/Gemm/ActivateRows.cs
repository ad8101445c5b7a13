using ILGPU;

namespace GpuNets.Kernels;

/// <summary>c = f(c) in place for the first columns of the rows of a batch of matrices, where the product itself does not apply f.</summary>
internal struct ActivateRows<TActivation> : IRowKernel where TActivation : struct, IUnaryOp
{
    public static bool InFours => true;

    public ArrayView<float> C;
    public GemmGeometry Size;
    public int Columns;

    public readonly unsafe void Row<TTeam>(int row) where TTeam : struct, ITeam =>
        TTeam.Each(Columns, new Body { C = C.Ptr() + (int)(row / Size.M * Size.StrideC + (long)(row % Size.M) * Size.LeadingC) });

    private unsafe struct Body : IElementBody
    {
        public float* C;

        public readonly void At<T>(int i) where T : struct, ILane<T> => T.Store(C, i, TActivation.Forward(T.Load(C, i)));
    }
}
