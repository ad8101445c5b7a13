using ILGPU;

namespace GpuNets.Kernels;

/// <summary>y[outer, o, :] of a map along the middle axis: a row of y is one of x or lies between two. Rows of some length.</summary>
internal struct AxisMapRows<TMap> : IRowElementKernel where TMap : struct, IAxisMap
{
    public static bool InFours => true;

    public ArrayView<float> X, Y;
    public TMap Map;
    public int Size, Total, Inner;

    public readonly unsafe void Run<TLoop>(int row, TLoop loop) where TLoop : struct, ILoop
    {
        int outer = row / Total;
        Map.Taps(row - outer * Total, out int first, out int second, out float weight);
        float* x = X.Ptr() + outer * Size * Inner;
        loop.Each(new Body { First = x + first * Inner, Second = x + second * Inner, Y = Y.Ptr() + row * Inner, Weight = weight });
    }

    private unsafe struct Body : IElementBody
    {
        public float* First, Second, Y;
        public float Weight;

        public readonly void At<T>(int i) where T : struct, ILane<T>
        {
            T y = T.Load(First, i);
            if (Weight != 0f) y = y * T.Of(1f - Weight) + T.Load(Second, i) * T.Of(Weight);
            T.Store(Y, i, y);
        }
    }
}

/// <summary>The same where rows are short: element by element, copies of whole lanes where the map only shifts.</summary>
internal struct AxisMapElements<TMap> : IRowElementKernel where TMap : struct, IAxisMap
{
    public ArrayView<float> X, Y;
    public TMap Map;
    public int Size, Total;
    public StridedAxis Inner;

    public readonly unsafe void Run<TLoop>(int row, TLoop loop) where TLoop : struct, ILoop => loop.Each(new Body
    {
        X = X.Ptr() + row * Size * Inner.Size,
        Y = Y.Ptr() + row * Total * Inner.Size,
        Map = Map,
        Inner = Inner,
    });

    private unsafe struct Body : IElementBody
    {
        public float* X, Y;
        public TMap Map;
        public StridedAxis Inner;

        public readonly void At<T>(int i) where T : struct, ILane<T>
        {
            if (T.Count > 1 && Map.CopyDistance(Inner.Divide(i), Inner.Divide(i + T.Count - 1)) is >= 0 and var distance)
            {
                T.Store(Y, i, T.Load(X, i - distance * Inner.Size));
                return;
            }
            for (int lane = i; lane < i + T.Count; lane++)
            {
                int o = Inner.Divide(lane), inner = lane - o * Inner.Size;
                Map.Taps(o, out int first, out int second, out float weight);
                float y = X[first * Inner.Size + inner];
                Y[lane] = weight == 0f ? y : y * (1f - weight) + X[second * Inner.Size + inner] * weight;
            }
        }
    }
}

/// <summary>The transpose: dx[outer, i, :] adds up the rows of dy that saw it.</summary>
internal struct AxisMapGradientRows<TMap> : IRowElementKernel where TMap : struct, IAxisMap
{
    public ArrayView<float> DY, DX;
    public TMap Map;
    public int Size, Total, Inner;

    public readonly unsafe void Run<TLoop>(int row, TLoop loop) where TLoop : struct, ILoop
    {
        int outer = row / Size;
        loop.Each(new Body { DY = DY.Ptr() + outer * Total * Inner, DX = DX.Ptr() + row * Inner, Map = Map, Input = row - outer * Size, Inner = Inner });
    }

    private unsafe struct Body : IElementBody
    {
        public float* DY, DX;
        public TMap Map;
        public int Input, Inner;

        public readonly void At<T>(int i) where T : struct, ILane<T>
        {
            T sum = T.Of(0f);
            for (int run = 0; run < Map.Runs; run++)
            {
                Map.Run(Input, run, out int start, out int end, out int step);
                for (int o = start; o < end; o += step)
                {
                    float weight = Map.Weight(o, Input);
                    if (weight != 0f) sum += T.Load(DY, o * Inner + i) * T.Of(weight);
                }
            }
            T.Store(DX, i, sum);
        }
    }
}

/// <summary>The same where rows are short.</summary>
internal struct AxisMapGradientElements<TMap> : IRowElementKernel where TMap : struct, IAxisMap
{
    public ArrayView<float> DY, DX;
    public TMap Map;
    public int Size, Total;
    public StridedAxis Inner;

    public readonly unsafe void Run<TLoop>(int row, TLoop loop) where TLoop : struct, ILoop => loop.Each(new Body
    {
        DY = DY.Ptr() + row * Total * Inner.Size,
        DX = DX.Ptr() + row * Size * Inner.Size,
        Map = Map,
        Inner = Inner,
    });

    private unsafe struct Body : IElementBody
    {
        public float* DY, DX;
        public TMap Map;
        public StridedAxis Inner;

        public readonly void At<T>(int i) where T : struct, ILane<T>
        {
            if (T.Count > 1 && Map.CopiedDistance(Inner.Divide(i), Inner.Divide(i + T.Count - 1)) is >= 0 and var distance)
            {
                T.Store(DX, i, T.Load(DY, i + distance * Inner.Size));
                return;
            }
            for (int lane = i; lane < i + T.Count; lane++)
            {
                int input = Inner.Divide(lane), inner = lane - input * Inner.Size;
                float sum = 0f;
                for (int run = 0; run < Map.Runs; run++)
                {
                    Map.Run(input, run, out int start, out int end, out int step);
                    for (int o = start; o < end; o += step) sum += DY[o * Inner.Size + inner] * Map.Weight(o, input);
                }
                DX[lane] = sum;
            }
        }
    }
}
