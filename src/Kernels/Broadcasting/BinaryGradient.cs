using ILGPU;

namespace GpuNets.Kernels;

/// <summary>Which operand a gradient is of.</summary>
internal unsafe interface IOperand
{
    /// <summary>True for the first operand. Host only.</summary>
    static abstract bool IsA { get; }

    static abstract T Gradient<TOp, T, TA, TB>(float* a, float* b, int i, T dy)
        where TOp : struct, IBinaryOp where T : struct, ILane<T> where TA : struct, IFetch where TB : struct, IFetch;
}

internal readonly unsafe struct OfA : IOperand
{
    public static bool IsA => true;

    public static T Gradient<TOp, T, TA, TB>(float* a, float* b, int i, T dy)
        where TOp : struct, IBinaryOp where T : struct, ILane<T> where TA : struct, IFetch where TB : struct, IFetch =>
        TOp.GradientA<T, TA, TB>(a, b, i, dy);
}

internal readonly unsafe struct OfB : IOperand
{
    public static bool IsA => false;

    public static T Gradient<TOp, T, TA, TB>(float* a, float* b, int i, T dy)
        where TOp : struct, IBinaryOp where T : struct, ILane<T> where TA : struct, IFetch where TB : struct, IFetch =>
        TOp.GradientB<T, TA, TB>(a, b, i, dy);
}

/// <summary>d[i] = dy[i] df/da or df/db, before the sum over repeated axes.</summary>
internal struct BinaryGradient<TOp, TOperand, TA, TB> : IElementKernel
    where TOp : struct, IBinaryOp where TOperand : struct, IOperand where TA : struct, IFetch where TB : struct, IFetch
{
    public static bool InFours => true;

    public ArrayView<float> A, B, DY, D;

    public readonly unsafe void Run<TLoop>(TLoop loop) where TLoop : struct, ILoop =>
        loop.Each(new BinaryGradientBody<TOp, TOperand, TA, TB> { A = A.Ptr(), B = B.Ptr(), DY = DY.Ptr(), D = D.Ptr() });
}

/// <summary>The same for operands that are broadcast over rows.</summary>
internal struct BinaryGradientRows<TOp, TOperand, TA, TB> : IRowKernel
    where TOp : struct, IBinaryOp where TOperand : struct, IOperand where TA : struct, IFetch where TB : struct, IFetch
{
    public static bool InFours => true;

    public ArrayView<float> A, B, DY, D;
    public BroadcastRows Rows;

    public readonly unsafe void Row<TTeam>(int row) where TTeam : struct, ITeam
    {
        Rows.At(row, out int start, out int length, out int a, out int b);
        TTeam.Each(length, new BinaryGradientBody<TOp, TOperand, TA, TB>
        {
            A = A.Ptr() + a,
            B = B.Ptr() + b,
            DY = DY.Ptr() + start,
            D = D.Ptr() + start,
        });
    }
}

/// <summary>The same for a matrix, one element per item.</summary>
internal struct BinaryGradientMatrix<TOp, TOperand, TA, TB> : IRowElementKernel
    where TOp : struct, IBinaryOp where TOperand : struct, IOperand where TA : struct, IFetch where TB : struct, IFetch
{
    public ArrayView<float> A, B, DY, D;
    public BroadcastMatrix Matrix;

    public readonly unsafe void Run<TLoop>(int row, TLoop loop) where TLoop : struct, ILoop => loop.Each(new BinaryGradientBody<TOp, TOperand, TA, TB>
    {
        A = A.Ptr() + row * Matrix.StepA,
        B = B.Ptr() + row * Matrix.StepB,
        DY = DY.Ptr() + row * Matrix.Columns,
        D = D.Ptr() + row * Matrix.Columns,
    });
}

internal unsafe struct BinaryGradientBody<TOp, TOperand, TA, TB> : IElementBody
    where TOp : struct, IBinaryOp where TOperand : struct, IOperand where TA : struct, IFetch where TB : struct, IFetch
{
    public float* A, B, DY, D;

    public readonly void At<T>(int i) where T : struct, ILane<T> =>
        T.Store(D, i, TOperand.Gradient<TOp, T, TA, TB>(A, B, i, T.Load(DY, i)));
}
