using ILGPU;

namespace GpuNets.Kernels;

/// <summary>
/// y[plane, oh, ow] = maximum of a window of x [planes, height, width], and where in its plane it lies: the first of equal ones; NaN if
/// there is one, the last. Padding counts for nothing. A row of y is oh of a plane.
/// </summary>
internal struct MaxPoolForward : IRowElementKernel
{
    public ArrayView<float> X, Y;
    public ArrayView<int> Index;
    public PoolAxis Height, Width;

    public readonly unsafe void Run<TLoop>(int row, TLoop loop) where TLoop : struct, ILoop
    {
        int plane = row / Height.Output, oh = row - plane * Height.Output;
        loop.Each(new Body
        {
            X = X.Ptr() + plane * Height.Input * Width.Input,
            Y = Y.Ptr() + row * Width.Output,
            Index = Index.Ptr() + row * Width.Output,
            Start = Height.Start(oh),
            Taps = Height.Taps(oh),
            Height = Height,
            Width = Width,
        });
    }

    private unsafe struct Body : IElementBody
    {
        public float* X, Y;
        public int* Index;
        public int Start, Taps;
        public PoolAxis Height, Width;

        public readonly void At<T>(int i) where T : struct, ILane<T>
        {
            for (int lane = i; lane < i + T.Count; lane++)
            {
                int left = Width.Start(lane), taps = Width.Taps(lane), index = -1;
                float best = float.NegativeInfinity;
                for (int a = 0; a < Taps; a++)
                {
                    int h = Start + a * Height.Dilation;
                    if (h < 0 || h >= Height.Input) continue;
                    for (int b = 0; b < taps; b++)
                    {
                        int w = left + b * Width.Dilation;
                        if (w < 0 || w >= Width.Input) continue;
                        int at = h * Width.Input + w;
                        float value = X[at];
                        // Not an if on the comparison: OpenCL takes NaN for greater.
                        float take = DeviceMath.IfGreater(value, best, 1f, 0f) + (float.IsNaN(value) ? 1f : 0f) + (index < 0 ? 1f : 0f);
                        if (take != 0f)
                        {
                            best = value;
                            index = at;
                        }
                    }
                }
                Y[lane] = best;
                Index[lane] = index;
            }
        }
    }
}

/// <summary>dx of an element: the sum of dy over the windows whose maximum it is. A row of dx is one of a plane.</summary>
internal struct MaxPoolBackward : IRowElementKernel
{
    public ArrayView<float> DY, DX;
    public ArrayView<int> Index;
    public PoolAxis Height, Width;

    public readonly unsafe void Run<TLoop>(int row, TLoop loop) where TLoop : struct, ILoop
    {
        int plane = row / Height.Input, h = row - plane * Height.Input, start = plane * Height.Output * Width.Output;
        loop.Each(new Body
        {
            DY = DY.Ptr() + start,
            Index = Index.Ptr() + start,
            DX = DX.Ptr() + row * Width.Input,
            Row = h * Width.Input,
            First = Height.FirstWindow(h),
            Last = Height.LastWindow(h),
            Width = Width,
        });
    }

    private unsafe struct Body : IElementBody
    {
        public float* DY, DX;
        public int* Index;
        public int Row, First, Last;
        public PoolAxis Width;

        public readonly void At<T>(int i) where T : struct, ILane<T>
        {
            for (int lane = i; lane < i + T.Count; lane++)
            {
                float sum = 0f;
                int from = Width.FirstWindow(lane), to = Width.LastWindow(lane);
                for (int oh = First; oh <= Last; oh++)
                    for (int ow = from; ow <= to; ow++)
                        if (Index[oh * Width.Output + ow] == Row + lane) sum += DY[oh * Width.Output + ow];
                DX[lane] = sum;
            }
        }
    }
}

/// <summary>y[plane, oh, ow] = sum of a window of x [planes, height, width] over a divisor; elements outside are 0.</summary>
internal struct AveragePoolForward : IRowElementKernel
{
    public ArrayView<float> X, Y;
    public PoolAxis Height, Width;

    /// <summary>1: the divisor counts padding. 0: the elements in x alone.</summary>
    public int IncludePad;

    /// <summary>A divisor of its own; 0 for none.</summary>
    public int Divisor;

    public readonly unsafe void Run<TLoop>(int row, TLoop loop) where TLoop : struct, ILoop
    {
        int plane = row / Height.Output, oh = row - plane * Height.Output, start = Height.Start(oh), end = start + Height.Taps(oh);
        loop.Each(new Body
        {
            X = X.Ptr() + plane * Height.Input * Width.Input,
            Y = Y.Ptr() + row * Width.Output,
            Start = start < 0 ? 0 : start,
            End = end < Height.Input ? end : Height.Input,
            Counted = Height.Counted(oh, IncludePad),
            IncludePad = IncludePad,
            Divisor = Divisor,
            Width = Width,
        });
    }

    private unsafe struct Body : IElementBody
    {
        public float* X, Y;
        public int Start, End, Counted, IncludePad, Divisor;
        public PoolAxis Width;

        public readonly void At<T>(int i) where T : struct, ILane<T>
        {
            for (int lane = i; lane < i + T.Count; lane++)
            {
                int left = Width.Start(lane), right = left + Width.Taps(lane);
                left = left < 0 ? 0 : left;
                right = right < Width.Input ? right : Width.Input;
                float sum = 0f;
                for (int h = Start; h < End; h++)
                    for (int w = left; w < right; w++) sum += X[h * Width.Input + w];
                Y[lane] = sum / (Divisor != 0 ? Divisor : Counted * Width.Counted(lane, IncludePad));
            }
        }
    }
}

/// <summary>dx of an element: the sum over its windows of dy over their divisors.</summary>
internal struct AveragePoolBackward : IRowElementKernel
{
    public ArrayView<float> DY, DX;
    public PoolAxis Height, Width;
    public int IncludePad, Divisor;

    public readonly unsafe void Run<TLoop>(int row, TLoop loop) where TLoop : struct, ILoop
    {
        int plane = row / Height.Input, h = row - plane * Height.Input;
        loop.Each(new Body
        {
            DY = DY.Ptr() + plane * Height.Output * Width.Output,
            DX = DX.Ptr() + row * Width.Input,
            First = Height.FirstWindow(h),
            Last = Height.LastWindow(h),
            Height = Height,
            Width = Width,
            IncludePad = IncludePad,
            Divisor = Divisor,
        });
    }

    private unsafe struct Body : IElementBody
    {
        public float* DY, DX;
        public int First, Last, IncludePad, Divisor;
        public PoolAxis Height, Width;

        public readonly void At<T>(int i) where T : struct, ILane<T>
        {
            for (int lane = i; lane < i + T.Count; lane++)
            {
                float sum = 0f;
                int from = Width.FirstWindow(lane), to = Width.LastWindow(lane);
                for (int oh = First; oh <= Last; oh++)
                {
                    int counted = Height.Counted(oh, IncludePad);
                    for (int ow = from; ow <= to; ow++)
                        sum += DY[oh * Width.Output + ow] / (Divisor != 0 ? Divisor : counted * Width.Counted(ow, IncludePad));
                }
                DX[lane] = sum;
            }
        }
    }
}
