using ILGPU;

namespace GpuNets.Kernels;

/// <summary>
/// Cross-entropy along the middle axis of logits [outer, classes, inner] with labels [outer, inner], as for label maps of scores [N, C, H, W]:
/// what <see cref="CrossEntropyForward"/> computes of a row, here of the column of a position. Neighbouring lanes and threads take
/// neighbouring positions and go through the classes together, twice: for the maximum, and for the sum while the column is in cache.
/// </summary>
/// <remarks>A label that is neither a class nor the ignored one gives NaN. Labels are compared as floats: 2^24 classes at most.</remarks>
internal struct CrossEntropyPlanesForward : IRowElementKernel
{
    public static bool InFours => true;

    public ArrayView<float> X, Loss, Shift, Sum, Counted;
    public ArrayView<int> Labels;
    public int Classes, Inner, Ignored;
    public float Smoothing;

    public readonly unsafe void Run<TLoop>(int row, TLoop loop) where TLoop : struct, ILoop => loop.Each(new Body
    {
        X = X.Ptr() + row * Classes * Inner,
        Loss = Loss.Ptr() + row * Inner,
        Shift = Shift.Ptr() + row * Inner,
        Sum = Sum.Ptr() + row * Inner,
        Counted = Counted.Ptr() + row * Inner,
        Labels = Labels.Ptr() + row * Inner,
        Classes = Classes,
        Inner = Inner,
        Ignored = Ignored,
        Smoothing = Smoothing,
    });

    private unsafe struct Body : IElementBody
    {
        public float* X, Loss, Shift, Sum, Counted;
        public int* Labels;
        public int Classes, Inner, Ignored;
        public float Smoothing;

        public readonly void At<T>(int i) where T : struct, ILane<T>
        {
            T most = T.Load(X, i);
            for (int c = 1; c < Classes; c++)
            {
                T x = T.Load(X, c * Inner + i);
                most = T.IfGreater(x, most, x, most);   // a NaN may be lost; the sum then has it
            }
            T shift = FiniteOrZero.Forward(most), label = T.LoadInts(Labels, i), sum = T.Of(0f), picked = T.Of(float.NaN);
            for (int c = 0; c < Classes; c++)
            {
                T x = T.Load(X, c * Inner + i);
                sum += LaneMath.Exp(x - shift);
                picked = T.IfEqual(label, T.Of(c), x, picked);
            }
            T loss = shift + LaneMath.Log(sum);
            if (Smoothing > 0f)
            {
                T total = T.Of(0f);
                for (int c = 0; c < Classes; c++) total += T.Load(X, c * Inner + i);
                loss -= total * T.Of(Smoothing / Classes);
            }
            loss -= picked * T.Of(1f - Smoothing);
            T ignored = T.Of(Ignored), none = T.Of(0f);
            T.Store(Loss, i, T.IfEqual(label, ignored, none, loss));
            T.Store(Counted, i, T.IfEqual(label, ignored, none, T.Of(1f)));
            T.Store(Shift, i, shift);
            T.Store(Sum, i, sum);
        }
    }
}

/// <summary>The gradient of <see cref="CrossEntropyPlanesForward"/>; see <see cref="CrossEntropyBackward"/>. x and dx may be the same buffer.</summary>
internal struct CrossEntropyPlanesBackward : IRowElementKernel
{
    public static bool InFours => true;

    public ArrayView<float> X, Shift, Sum, Count, DY, DX;
    public ArrayView<int> Labels;
    public int Classes, Inner, Ignored;

    /// <summary>1: a gradient for every position; 0: one for all.</summary>
    public int PerPosition;

    public float Smoothing;

    public readonly unsafe void Run<TLoop>(int row, TLoop loop) where TLoop : struct, ILoop => loop.Each(new Body
    {
        X = X.Ptr() + row * Classes * Inner,
        DX = DX.Ptr() + row * Classes * Inner,
        Shift = Shift.Ptr() + row * Inner,
        Sum = Sum.Ptr() + row * Inner,
        Count = Count.Ptr(),
        DY = DY.Ptr() + row * Inner * PerPosition,
        Labels = Labels.Ptr() + row * Inner,
        Classes = Classes,
        Inner = Inner,
        Ignored = Ignored,
        PerPosition = PerPosition,
        Smoothing = Smoothing,
    });

    private unsafe struct Body : IElementBody
    {
        public float* X, DX, Shift, Sum, Count, DY;
        public int* Labels;
        public int Classes, Inner, Ignored, PerPosition;
        public float Smoothing;

        public readonly void At<T>(int i) where T : struct, ILane<T>
        {
            T scale = T.Of(DY[0]);
            if (PerPosition != 0) scale = T.Load(DY, i);
            scale /= T.Of(Count[0]);
            T label = T.LoadInts(Labels, i), ignored = T.Of(Ignored), none = T.Of(0f), shift = T.Load(Shift, i);
            T factor = scale / T.Load(Sum, i), share = scale * T.Of(Smoothing / Classes), hit = scale * T.Of(1f - Smoothing);
            for (int c = 0; c < Classes; c++)
            {
                T d = LaneMath.Exp(T.Load(X, c * Inner + i) - shift) * factor - share;
                d -= T.IfEqual(label, T.Of(c), hit, none);
                T.Store(DX, c * Inner + i, T.IfEqual(label, ignored, none, d));
            }
        }
    }
}
