using ILGPU;

namespace GpuNets.Kernels;

/// <summary>dx[i] = slope(x[i], y, dy) where one result serves all elements, or each element has its own.</summary>
internal struct ReduceGradient<TSlope, TFetch> : IElementKernel where TSlope : struct, IReduceSlope where TFetch : struct, IFetch
{
    public static bool InFours => true;

    public ArrayView<float> X, Y, DY, DX;
    public float Factor;

    public readonly unsafe void Run<TLoop>(TLoop loop) where TLoop : struct, ILoop =>
        loop.Each(new ReduceGradientBody<TSlope, TFetch> { X = X.Ptr(), Y = Y.Ptr(), DY = DY.Ptr(), DX = DX.Ptr(), Factor = Factor });
}

/// <summary>The same row by row; <see cref="BroadcastRows"/> knows which result belongs to a row.</summary>
internal struct ReduceGradientRows<TSlope, TFetch> : IRowKernel where TSlope : struct, IReduceSlope where TFetch : struct, IFetch
{
    public static bool InFours => true;

    public ArrayView<float> X, Y, DY, DX;
    public BroadcastRows Rows;
    public float Factor;

    public readonly unsafe void Row<TTeam>(int row) where TTeam : struct, ITeam
    {
        Rows.At(row, out int start, out int length, out _, out int result);
        TTeam.Each(length, new ReduceGradientBody<TSlope, TFetch>
        {
            X = X.Ptr() + start,
            Y = Y.Ptr() + result,
            DY = DY.Ptr() + result,
            DX = DX.Ptr() + start,
            Factor = Factor,
        });
    }
}

/// <summary>The same for a matrix, one element per item.</summary>
internal struct ReduceGradientMatrix<TSlope, TFetch> : IRowElementKernel where TSlope : struct, IReduceSlope where TFetch : struct, IFetch
{
    public ArrayView<float> X, Y, DY, DX;
    public BroadcastMatrix Matrix;
    public float Factor;

    public readonly unsafe void Run<TLoop>(int row, TLoop loop) where TLoop : struct, ILoop => loop.Each(new ReduceGradientBody<TSlope, TFetch>
    {
        X = X.Ptr() + row * Matrix.Columns,
        Y = Y.Ptr() + row * Matrix.StepB,
        DY = DY.Ptr() + row * Matrix.StepB,
        DX = DX.Ptr() + row * Matrix.Columns,
        Factor = Factor,
    });
}

internal unsafe struct ReduceGradientBody<TSlope, TFetch> : IElementBody where TSlope : struct, IReduceSlope where TFetch : struct, IFetch
{
    public float* X, Y, DY, DX;
    public float Factor;

    public readonly void At<T>(int i) where T : struct, ILane<T> => T.Store(DX, i, TSlope.At<T, TFetch>(X, Y, DY, i, Factor));
}
