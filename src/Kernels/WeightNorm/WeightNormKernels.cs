using ILGPU;

namespace GpuNets.Kernels;

/// <summary>w = g v / ||v|| for every slice i of v [outer, slices, inner]; keeps 1 / ||v||. One team per slice.</summary>
internal struct WeightNormForward : IRowKernel
{
    public ArrayView<float> V, G, W, Inverse;
    public int Outer, Slices, Inner;

    public readonly unsafe void Row<TTeam>(int row) where TTeam : struct, ITeam
    {
        float sum = 0f;
        for (int o = 0; o < Outer; o++)
        {
            float* v = V.Ptr() + (o * Slices + row) * Inner;
            sum += TTeam.Sum(Inner, new Products { X = v, Y = v });
        }
        float inverse = 1f / Scalar.Sqrt(new Scalar(sum)).Value;
        if (TTeam.Rank == 0) Inverse[row] = inverse;
        for (int o = 0; o < Outer; o++)
            TTeam.Each(Inner, new Body { V = V.Ptr() + (o * Slices + row) * Inner, W = W.Ptr() + (o * Slices + row) * Inner, Factor = G[row] * inverse });
    }

    private unsafe struct Body : IElementBody
    {
        public float* V, W;
        public float Factor;

        public readonly void At<T>(int i) where T : struct, ILane<T> => T.Store(W, i, T.Load(V, i) * T.Of(Factor));
    }
}

/// <summary>dg = dw . v / ||v||, dv = g / ||v|| (dw - dg v / ||v||).</summary>
internal struct WeightNormBackward : IRowKernel
{
    public ArrayView<float> V, G, Inverse, Dw, Dv, Dg;
    public int Outer, Slices, Inner;

    public readonly unsafe void Row<TTeam>(int row) where TTeam : struct, ITeam
    {
        float sum = 0f, inverse = Inverse[row];
        for (int o = 0; o < Outer; o++)
            sum += TTeam.Sum(Inner, new Products { X = V.Ptr() + (o * Slices + row) * Inner, Y = Dw.Ptr() + (o * Slices + row) * Inner });
        float dg = sum * inverse;
        if (TTeam.Rank == 0) Dg[row] = dg;
        for (int o = 0; o < Outer; o++)
        {
            int at = (o * Slices + row) * Inner;
            TTeam.Each(Inner, new Body { V = V.Ptr() + at, Dw = Dw.Ptr() + at, Dv = Dv.Ptr() + at, Part = dg * inverse, Factor = G[row] * inverse });
        }
    }

    private unsafe struct Body : IElementBody
    {
        public float* V, Dw, Dv;
        public float Part, Factor;

        public readonly void At<T>(int i) where T : struct, ILane<T> =>
            T.Store(Dv, i, T.Of(Factor) * (T.Load(Dw, i) - T.Of(Part) * T.Load(V, i)));
    }
}
