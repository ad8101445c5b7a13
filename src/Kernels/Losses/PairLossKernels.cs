using ILGPU;

namespace GpuNets.Kernels;

/// <summary>A loss that is a sum over pairs of a prediction x and a target t.</summary>
internal interface IPairLossOp
{
    static abstract T Value<T>(T x, T t) where T : struct, ILane<T>;

    /// <summary>Derivative by the prediction.</summary>
    static abstract T SlopeX<T>(T x, T t) where T : struct, ILane<T>;

    /// <summary>Derivative by the target.</summary>
    static abstract T SlopeT<T>(T x, T t) where T : struct, ILane<T>;
}

/// <summary>(x - t)^2.</summary>
internal readonly struct SquaredError : IPairLossOp
{
    public static T Value<T>(T x, T t) where T : struct, ILane<T> => (x - t) * (x - t);
    public static T SlopeX<T>(T x, T t) where T : struct, ILane<T> => (x - t) + (x - t);
    public static T SlopeT<T>(T x, T t) where T : struct, ILane<T> => (t - x) + (t - x);
}

/// <summary>-t ln p - (1 - t) ln(1 - p) with p = sigmoid(x): softplus(x) - t x, which never overflows.</summary>
internal readonly struct BinaryCrossEntropy : IPairLossOp
{
    public static T Value<T>(T x, T t) where T : struct, ILane<T> => LaneMath.Softplus(x) - x * t;
    public static T SlopeX<T>(T x, T t) where T : struct, ILane<T> => LaneMath.Sigmoid(x) - t;
    public static T SlopeT<T>(T x, T t) where T : struct, ILane<T> => -x;
}

/// <summary>partial[p] = factor * sum over chunk p of loss(x, t): the losses of the pairs are never stored.</summary>
internal struct PairLossForward<TLoss> : IRowKernel where TLoss : struct, IPairLossOp
{
    public static bool InFours => true;

    public ArrayView<float> X, Target, Partial;
    public int Count, Chunk;
    public float Factor;

    public readonly unsafe void Row<TTeam>(int row) where TTeam : struct, ITeam
    {
        int start = row * Chunk, n = Count - start < Chunk ? Count - start : Chunk;
        float sum = TTeam.Sum(n, new Loss { X = X.Ptr() + start, Target = Target.Ptr() + start });
        if (TTeam.Rank == 0) Partial[row] = sum * Factor;
    }

    private unsafe struct Loss : IElementMap
    {
        public float* X, Target;

        public readonly T At<T>(int i) where T : struct, ILane<T> => TLoss.Value(T.Load(X, i), T.Load(Target, i));
    }
}

/// <summary>d[i] = dy factor dloss/dx or dloss/dt.</summary>
internal struct PairLossBackward<TLoss, TOperand> : IElementKernel where TLoss : struct, IPairLossOp where TOperand : struct, IPairOperand
{
    public static bool InFours => true;

    public ArrayView<float> X, Target, DY, D;
    public float Factor;

    public readonly unsafe void Run<TLoop>(TLoop loop) where TLoop : struct, ILoop =>
        loop.Each(new Body { X = X.Ptr(), Target = Target.Ptr(), DY = DY.Ptr(), D = D.Ptr(), Factor = Factor });

    private unsafe struct Body : IElementBody
    {
        public float* X, Target, DY, D;
        public float Factor;

        public readonly void At<T>(int i) where T : struct, ILane<T> =>
            T.Store(D, i, TOperand.Slope<TLoss, T>(T.Load(X, i), T.Load(Target, i)) * T.Of(DY[0] * Factor));
    }
}

/// <summary>Which of the two a gradient is of.</summary>
internal interface IPairOperand
{
    static abstract T Slope<TLoss, T>(T x, T t) where TLoss : struct, IPairLossOp where T : struct, ILane<T>;
}

internal readonly struct OfPrediction : IPairOperand
{
    public static T Slope<TLoss, T>(T x, T t) where TLoss : struct, IPairLossOp where T : struct, ILane<T> => TLoss.SlopeX(x, t);
}

internal readonly struct OfTarget : IPairOperand
{
    public static T Slope<TLoss, T>(T x, T t) where TLoss : struct, IPairLossOp where T : struct, ILane<T> => TLoss.SlopeT(x, t);
}
