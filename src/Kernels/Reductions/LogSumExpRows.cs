using System.Runtime.CompilerServices;
using ILGPU;

namespace GpuNets.Kernels;

/// <summary>
/// y[r] = ln sum_c e^(x[r, c]), shifted by the row's maximum so that nothing overflows. Keeps shift and sum for the gradient, which would
/// lose digits if it took e^(x - y) of a large y. One team per row.
/// </summary>
internal struct LogSumExpRows : IRowKernel, IHostRows
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

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly unsafe void Rows<TLanes, T>(int start, int end) where TLanes : struct, IHostTileLanes<T> where T : struct, ILane<T>
    {
        float* x = X.Ptr(), y = Y.Ptr(), shift = Shift.Ptr(), sum = Sum.Ptr();
        for (int row = start; row < end; row++)
        {
            Of<TLanes, T>(x + row * Columns, Columns, out shift[row], out sum[row]);
            y[row] = Log(shift[row], sum[row]);
        }
    }

    /// <summary>Shift and sum of one row; every member of the team gets them.</summary>
    public static unsafe void Of<TTeam>(float* x, int n, out float shift, out float sum) where TTeam : struct, ITeam
    {
        shift = FiniteOrZero.Forward(new Scalar(TTeam.Max(n, new RowValues { X = x }))).Value;
        sum = TTeam.Sum(n, new Exponentials { X = x, Shift = shift });
    }

    /// <summary>Shift and sum of one row on the host. A NaN may be lost in the shift; the sum then has it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static unsafe void Of<TLanes, T>(float* x, int n, out float shift, out float sum)
        where TLanes : struct, IHostTileLanes<T> where T : struct, ILane<T>
    {
        int whole = n - n % T.Count;
        T last = TLanes.Load(x + whole, TLanes.Mask(n - whole), T.Of(float.NegativeInfinity)), most = last;
        for (int i = 0; i < whole; i += T.Count)
        {
            T value = T.Load(x, i);
            most = T.IfGreater(value, most, value, most);
        }
        T shifts = FiniteOrZero.Forward(T.Of(T.Max(most)));
        T a = LaneMath.Exp(last - shifts), b = T.Of(0f);
        int at = 0;
        for (; at + 2 * T.Count <= whole; at += 2 * T.Count)
        {
            a += LaneMath.Exp(T.Load(x, at) - shifts);
            b += LaneMath.Exp(T.Load(x, at + T.Count) - shifts);
        }
        if (at < whole) b += LaneMath.Exp(T.Load(x, at) - shifts);
        shift = T.Max(shifts);
        sum = T.Sum(a + b);
    }

    public static float Log(float shift, float sum) => shift + LaneMath.Log(new Scalar(sum)).Value;

    internal unsafe struct Exponentials : IElementMap
    {
        public float* X;
        public float Shift;

        public readonly T At<T>(int i) where T : struct, ILane<T> => LaneMath.Exp(T.Load(X, i) - T.Of(Shift));
    }
}
