using ILGPU;

namespace GpuNets.Kernels;

/// <summary>Which of weight and bias a layer norm has.</summary>
internal interface IAffine
{
    /// <summary>The weight of elements i.., or 1.</summary>
    static abstract unsafe T Weight<T>(float* weight, int i) where T : struct, ILane<T>;

    /// <summary>The bias of elements i.., or 0.</summary>
    static abstract unsafe T Bias<T>(float* bias, int i) where T : struct, ILane<T>;
}

internal readonly struct NoAffine : IAffine
{
    public static unsafe T Weight<T>(float* weight, int i) where T : struct, ILane<T> => T.Of(1f);
    public static unsafe T Bias<T>(float* bias, int i) where T : struct, ILane<T> => T.Of(0f);
}

internal readonly struct WeightOnly : IAffine
{
    public static unsafe T Weight<T>(float* weight, int i) where T : struct, ILane<T> => T.Load(weight, i);
    public static unsafe T Bias<T>(float* bias, int i) where T : struct, ILane<T> => T.Of(0f);
}

internal readonly struct WeightAndBias : IAffine
{
    public static unsafe T Weight<T>(float* weight, int i) where T : struct, ILane<T> => T.Load(weight, i);
    public static unsafe T Bias<T>(float* bias, int i) where T : struct, ILane<T> => T.Load(bias, i);
}

/// <summary>
/// y = (x - mean) rstd w + b with mean and rstd = 1 / sqrt(variance + epsilon) of each row, which are kept for the gradient. The variance
/// comes from a second pass over the row in cache: sum(x^2) - n mean^2 loses all digits where the mean is large. One team per row.
/// </summary>
internal struct LayerNormForward<TAffine> : IRowKernel where TAffine : struct, IAffine
{
    public static bool InFours => true;

    public ArrayView<float> X, Weight, Bias, Y, Mean, InverseDeviation;
    public int Columns;
    public float Epsilon;

    public readonly unsafe void Row<TTeam>(int row) where TTeam : struct, ITeam
    {
        float* x = X.Ptr() + row * Columns;
        float mean = TTeam.Sum(Columns, new Value { X = x }) / Columns;
        float variance = TTeam.Sum(Columns, new Square { X = x, Mean = mean }) / Columns;
        float inverse = 1f / Scalar.Sqrt(new Scalar(variance + Epsilon)).Value;
        if (TTeam.Rank == 0)
        {
            Mean[row] = mean;
            InverseDeviation[row] = inverse;
        }
        TTeam.Each(Columns, new Normalize
        {
            X = x,
            Y = Y.Ptr() + row * Columns,
            Weight = Weight.Ptr(),
            Bias = Bias.Ptr(),
            Mean = mean,
            Inverse = inverse,
        });
    }

    private unsafe struct Value : IElementMap
    {
        public float* X;

        public readonly T At<T>(int i) where T : struct, ILane<T> => T.Load(X, i);
    }

    private unsafe struct Square : IElementMap
    {
        public float* X;
        public float Mean;

        public readonly T At<T>(int i) where T : struct, ILane<T>
        {
            T d = T.Load(X, i) - T.Of(Mean);
            return d * d;
        }
    }

    private unsafe struct Normalize : IElementBody
    {
        public float* X, Y, Weight, Bias;
        public float Mean, Inverse;

        public readonly void At<T>(int i) where T : struct, ILane<T> => T.Store(Y, i, T.MulAdd(
            (T.Load(X, i) - T.Of(Mean)) * T.Of(Inverse), TAffine.Weight<T>(Weight, i), TAffine.Bias<T>(Bias, i)));
    }
}
