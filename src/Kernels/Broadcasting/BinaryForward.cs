using ILGPU;

namespace GpuNets.Kernels;

/// <summary>y[i] = f(a[i], b[i]), one operand perhaps a single value.</summary>
internal struct BinaryForward<TOp, TA, TB> : IElementKernel
    where TOp : struct, IBinaryFunction where TA : struct, IFetch where TB : struct, IFetch
{
    public static bool InFours => true;

    public ArrayView<float> A, B, Y;

    public readonly unsafe void Run<TLoop>(TLoop loop) where TLoop : struct, ILoop =>
        loop.Each(new BinaryForwardBody<TOp, TA, TB> { A = A.Ptr(), B = B.Ptr(), Y = Y.Ptr() });
}

/// <summary>y = f(a, b), the operands broadcast over rows.</summary>
internal struct BinaryForwardRows<TOp, TA, TB> : IRowKernel
    where TOp : struct, IBinaryFunction where TA : struct, IFetch where TB : struct, IFetch
{
    public static bool InFours => true;

    public ArrayView<float> A, B, Y;
    public BroadcastRows Rows;

    public readonly unsafe void Row<TTeam>(int row) where TTeam : struct, ITeam
    {
        Rows.At(row, out int start, out int length, out int a, out int b);
        TTeam.Each(length, new BinaryForwardBody<TOp, TA, TB> { A = A.Ptr() + a, B = B.Ptr() + b, Y = Y.Ptr() + start });
    }
}

/// <summary>The same for a matrix, one element per item.</summary>
internal struct BinaryForwardMatrix<TOp, TA, TB> : IRowElementKernel
    where TOp : struct, IBinaryFunction where TA : struct, IFetch where TB : struct, IFetch
{
    public ArrayView<float> A, B, Y;
    public BroadcastMatrix Matrix;

    public readonly unsafe void Run<TLoop>(int row, TLoop loop) where TLoop : struct, ILoop => loop.Each(new BinaryForwardBody<TOp, TA, TB>
    {
        A = A.Ptr() + row * Matrix.StepA,
        B = B.Ptr() + row * Matrix.StepB,
        Y = Y.Ptr() + row * Matrix.Columns,
    });
}

internal unsafe struct BinaryForwardBody<TOp, TA, TB> : IElementBody
    where TOp : struct, IBinaryFunction where TA : struct, IFetch where TB : struct, IFetch
{
    public float* A, B, Y;

    public readonly void At<T>(int i) where T : struct, ILane<T> => T.Store(Y, i, TOp.Forward(TA.Load<T>(A, i), TB.Load<T>(B, i)));
}
