using ILGPU;

namespace GpuNets.Kernels;

/// <summary>
/// y[r] = ln sum_c e^(x[r, c]), shifted by the row's maximum so that nothing overflows. Keeps shift and sum for the gradient, which would
/// lose digits if it took e^(x - y) of a large y. One team per row.
/// </summary>
internal struct LogSumExpRows : IRowKernel
{
    public static bool InFours => true;

    public ArrayView<float> X, Y, Shift, Sum;
    public int Columns;

    public readonly unsafe void Row<TTeam>(int row) where TTeam : struct, ITeam
    {
        Of<TTeam>(X.Ptr() + row * Columns, Columns, out float shift, out float sum);
        if (TTeam.Rank != 0) return;
        Shift[row] = shift;
        Sum[row] = sum;
        Y[row] = Log(shift, sum);
    }

    /// <summary>Shift and sum of one row; every member of the team gets them.</summary>
    public static unsafe void Of<TTeam>(float* x, int n, out float shift, out float sum) where TTeam : struct, ITeam
    {
        shift = FiniteOrZero.Forward(new Scalar(TTeam.Max(n, new RowValues { X = x }))).Value;
        sum = TTeam.Sum(n, new Exponentials { X = x, Shift = shift });
    }

    public static float Log(float shift, float sum) => shift + LaneMath.Log(new Scalar(sum)).Value;

    internal unsafe struct Exponentials : IElementMap
    {
        public float* X;
        public float Shift;

        public readonly T At<T>(int i) where T : struct, ILane<T> => LaneMath.Exp(T.Load(X, i) - T.Of(Shift));
    }
}
