using ILGPU;

namespace GpuNets.Kernels;

/// <summary>Partial sums of squares: partial[r] = sum of x^2 over block r. First of two stages, in a fixed order.</summary>
internal struct SquaresPartial : IRowKernel
{
    public static bool InFours => true;

    public const int Block = 4096;

    public ArrayView<float> X, Partial;
    public int Count;

    public readonly unsafe void Row<TTeam>(int row) where TTeam : struct, ITeam
    {
        int start = row * Block, n = Count - start;
        float sum = TTeam.Sum(n < Block ? n : Block, new Square { X = X.Ptr() + start });
        if (TTeam.Rank == 0) Partial.Ptr()[row] = sum;
    }

    private unsafe struct Square : IElementMap
    {
        public float* X;

        public readonly T At<T>(int i) where T : struct, ILane<T>
        {
            T x = T.Load(X, i);
            return x * x;
        }
    }
}

/// <summary>Second stage: norm = sqrt(sum of partial); scale = min(1, limit / (norm + 1e-6)), written as [scale, norm].</summary>
internal struct NormScale : IRowKernel
{
    public ArrayView<float> Partial, Result;
    public int Count;
    public StepFloat Limit;

    public readonly unsafe void Row<TTeam>(int row) where TTeam : struct, ITeam
    {
        float norm = Scalar.Sqrt(new Scalar(TTeam.Sum(Count, new Source { X = Partial.Ptr() }))).Value;
        if (TTeam.Rank == 0)
        {
            float scale = Limit.Value / (norm + 1e-6f);
            float* result = Result.Ptr();
            result[0] = scale > 1f ? 1f : scale;
            result[1] = norm;
        }
    }

    private unsafe struct Source : IElementMap
    {
        public float* X;

        public readonly T At<T>(int i) where T : struct, ILane<T> => T.Load(X, i);
    }
}
