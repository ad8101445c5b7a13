using ILGPU;

namespace GpuNets.Kernels;

/// <summary>
/// k[i, j] = a[i] b[j] e^(-|f_i - f_j|^2 / 2) for a range of positions i and all positions j of one sample, features being planes [d, positions].
/// </summary>
internal struct GaussianRows : IRowElementKernel
{
    public static bool InFours => true;

    public ArrayView<float> Features, Left, Right, Y;
    public int Dimensions, Positions, First, Sample;

    public readonly unsafe void Run<TLoop>(int row, TLoop loop) where TLoop : struct, ILoop => loop.Each(new Body
    {
        Own = Features.Ptr() + Sample * Dimensions * Positions + First + row,
        Others = Features.Ptr() + Sample * Dimensions * Positions,
        Right = Right.Ptr() + Sample * Positions,
        Y = Y.Ptr() + row * Positions,
        Left = Left.Ptr()[Sample * Positions + First + row],
        Dimensions = Dimensions,
        Positions = Positions,
    });

    private unsafe struct Body : IElementBody
    {
        public float* Own, Others, Right, Y;
        public float Left;
        public int Dimensions, Positions;

        public readonly void At<T>(int i) where T : struct, ILane<T>
        {
            T square = T.Of(0f);
            for (int k = 0; k < Dimensions; k++)
            {
                T difference = T.Load(Others, k * Positions + i) - T.Of(Own[k * Positions]);
                square = T.MulAdd(difference, difference, square);
            }
            T.Store(Y, i, LaneMath.ExpNegative(square * T.Of(-0.5f)) * T.Load(Right, i) * T.Of(Left));
        }
    }
}

/// <summary>y[i] = (x[i] + 1e-20)^-1, or its square root: factors that normalise a filter by its sums x.</summary>
internal struct NormFactors : IElementKernel
{
    public static bool InFours => true;

    public ArrayView<float> X, Y;

    /// <summary>1: the square root.</summary>
    public int Root;

    public readonly unsafe void Run<TLoop>(TLoop loop) where TLoop : struct, ILoop => loop.Each(new Body { X = X.Ptr(), Y = Y.Ptr(), Root = Root });

    private unsafe struct Body : IElementBody
    {
        public float* X, Y;
        public int Root;

        public readonly void At<T>(int i) where T : struct, ILane<T>
        {
            T x = T.Load(X, i) + T.Of(1e-20f);
            if (Root != 0) x = T.Sqrt(x);
            T.Store(Y, i, T.Of(1f) / x);
        }
    }
}
