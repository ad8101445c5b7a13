using System.Runtime.CompilerServices;
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
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe T Weight<T>(float* weight, int i) where T : struct, ILane<T> => T.Of(1f);
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe T Bias<T>(float* bias, int i) where T : struct, ILane<T> => T.Of(0f);
}

internal readonly struct WeightOnly : IAffine
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe T Weight<T>(float* weight, int i) where T : struct, ILane<T> => T.Load(weight, i);
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe T Bias<T>(float* bias, int i) where T : struct, ILane<T> => T.Of(0f);
}

internal readonly struct WeightAndBias : IAffine
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe T Weight<T>(float* weight, int i) where T : struct, ILane<T> => T.Load(weight, i);
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe T Bias<T>(float* bias, int i) where T : struct, ILane<T> => T.Load(bias, i);
}

/// <summary>
/// y = f((x - mean) rstd w + b) with mean and rstd = 1 / sqrt(variance + epsilon) of each row, which are kept for the gradient; f is the
/// identity or max(z, 0). The variance comes from a second pass over the row in cache: sum(x^2) - n mean^2 loses all digits where the
/// mean is large. One team per row. Weight and bias are shared by every row, or by every <see cref="Groups"/>-th.
/// </summary>
internal struct LayerNormForward<TAffine, TRectify> : IRowKernel where TAffine : struct, IAffine where TRectify : struct, IRectify
{
    public static bool InFours => true;

    public ArrayView<float> X, Weight, Bias, Y, Mean, InverseDeviation;
    public int Columns, Groups;
    public float Epsilon;

    public readonly unsafe void Row<TTeam>(int row) where TTeam : struct, ITeam
    {
        float* x = X.Ptr() + row * Columns;
        int shared = (row - row / Groups * Groups) * Columns;
        float mean = TTeam.Sum(Columns, new RowValues { X = x }) / Columns;
        float variance = TTeam.Sum(Columns, new SquaredDifference { X = x, Mean = mean }) / Columns;
        float inverse = SetStatistics.InverseOf(new Scalar(variance), Epsilon).Value;
        if (TTeam.Rank == 0)
        {
            Mean[row] = mean;
            InverseDeviation[row] = inverse;
        }
        TTeam.Each(Columns, new Normalize
        {
            X = x,
            Y = Y.Ptr() + row * Columns,
            Weight = Weight.Ptr() + shared,
            Bias = Bias.Ptr() + shared,
            Mean = mean,
            Inverse = inverse,
        });
    }

    private unsafe struct Normalize : IElementBody
    {
        public float* X, Y, Weight, Bias;
        public float Mean, Inverse;

        public readonly void At<T>(int i) where T : struct, ILane<T> => T.Store(Y, i, TRectify.Forward(T.MulAdd(
            (T.Load(X, i) - T.Of(Mean)) * T.Of(Inverse), TAffine.Weight<T>(Weight, i), TAffine.Bias<T>(Bias, i))));
    }
}
