using System.Runtime.CompilerServices;
using ILGPU;

namespace GpuNets.Kernels;

/// <summary>
/// Cross-entropy of a row of logits with its label, s being the label smoothing:
/// loss[r] = lse(x[r]) - (1 - s) x[r, label] - s mean(x[r]), 0 for an ignored row. Keeps lse as a shift and a sum for the gradient. One team per row.
/// </summary>
/// <remarks>A label that is neither a class nor the ignored one gives NaN and reads nothing.</remarks>
internal struct CrossEntropyForward : IRowKernel, IHostRows
{
    public static bool InFours => true;

    public ArrayView<float> X, Loss, Shift, Sum, Counted;
    public ArrayView<int> Labels;
    public int Classes, Ignored;
    public float Smoothing;

    public readonly unsafe void Row<TTeam>(int row) where TTeam : struct, ITeam
    {
        float* x = X.Ptr() + row * Classes;
        LogSumExpRows.Of<TTeam>(x, Classes, out float shift, out float sum);
        float mean = 0f;
        if (Smoothing > 0f) mean = TTeam.Sum(Classes, new RowValues { X = x }) / Classes;   // as "? :" ILGPU turns the comparison around
        if (TTeam.Rank == 0) Finish(row, x, shift, sum, mean);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly unsafe void Rows<TLanes, T>(int start, int end) where TLanes : struct, IHostTileLanes<T> where T : struct, ILane<T>
    {
        float* x = X.Ptr() + start * Classes;
        for (int row = start; row < end; row++, x += Classes)
        {
            LogSumExpRows.Of<TLanes, T>(x, Classes, out float shift, out float sum);
            float mean = Smoothing > 0f ? SimdTeam<T>.Sum(Classes, new RowValues { X = x }) / Classes : 0f;
            Finish(row, x, shift, sum, mean);
        }
    }

    private readonly unsafe void Finish(int row, float* x, float shift, float sum, float mean)
    {
        int label = Labels[row];
        float loss = LogSumExpRows.Log(shift, sum) - Smoothing * mean, counted = 1f;
        if (label == Ignored)
        {
            loss = 0f;
            counted = 0f;
        }
        else if (label < 0 || label >= Classes) loss = float.NaN;
        else loss -= (1f - Smoothing) * x[label];
        Loss[row] = loss;
        Shift[row] = shift;
        Sum[row] = sum;
        Counted[row] = counted;
    }
}

/// <summary>
/// dx[r, c] = g (e^(x[r, c] - lse[r]) - s / C - [c is the label] (1 - s)), 0 in an ignored row; g = dy / count, dy being one number or one per
/// row. x and dx may be the same buffer.
/// </summary>
internal struct CrossEntropyBackward : IRowKernel
{
    public static bool InFours => true;

    public ArrayView<float> X, Shift, Sum, Count, DY, DX;
    public ArrayView<int> Labels;
    public int Classes, Ignored;

    /// <summary>1: a gradient for every row; 0: one for all.</summary>
    public int PerRow;

    public float Smoothing;

    public readonly unsafe void Row<TTeam>(int row) where TTeam : struct, ITeam
    {
        float* x = X.Ptr() + row * Classes, dx = DX.Ptr() + row * Classes;
        int label = Labels[row];
        if (label == Ignored)
        {
            TTeam.Each(Classes, new Zero { DX = dx });
        }
        else
        {
            float scale = DY[row * PerRow] / Count[0];
            TTeam.Each(Classes, new Gradient
            {
                X = x,
                DX = dx,
                Shift = Shift[row],
                Factor = scale / Sum[row],
                Share = scale * (Smoothing / Classes),
            });
            TTeam.Barrier();
            if (TTeam.Rank == 0 && label >= 0 && label < Classes) dx[label] -= scale * (1f - Smoothing);
        }
    }

    private unsafe struct Zero : IElementBody
    {
        public float* DX;

        public readonly void At<T>(int i) where T : struct, ILane<T> => T.Store(DX, i, T.Of(0f));
    }

    private unsafe struct Gradient : IElementBody
    {
        public float* X, DX;
        public float Shift, Factor, Share;

        public readonly void At<T>(int i) where T : struct, ILane<T> =>
            T.Store(DX, i, LaneMath.Exp(T.Load(X, i) - T.Of(Shift)) * T.Of(Factor) - T.Of(Share));
    }
}
