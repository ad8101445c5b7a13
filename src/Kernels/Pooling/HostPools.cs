using System.Buffers;
using System.Runtime.CompilerServices;
using ILGPU;

namespace GpuNets.Kernels;

/// <summary>
/// <see cref="MaxPoolForward"/> on the host: first the maxima of columns over the rows of a window, in vector code, then those of windows
/// over the columns. Of equal values the first in the order of rows is taken, of NaN the last: columns are compared by row where values tie.
/// </summary>
internal struct HostMaxPool : IHostRows
{
    public ArrayView<float> X, Y;
    public ArrayView<int> Index;
    public PoolAxis Height, Width;

    public readonly unsafe void Rows<TLanes, T>(int start, int end) where TLanes : struct, IHostTileLanes<T> where T : struct, ILane<T>
    {
        float[] columns = ArrayPool<float>.Shared.Rent(2 * Width.Input);
        fixed (float* best = columns)
        {
            for (int row = start; row < end; row++)
            {
                int plane = row / Height.Output, oh = row - plane * Height.Output;
                float* x = X.Ptr() + plane * Height.Input * Width.Input;
                bool any = false;
                for (int a = 0, h = Height.Start(oh); a < Height.Taps(oh); a++, h += Height.Dilation)
                {
                    if (h < 0 || h >= Height.Input) continue;
                    Columns<TLanes, T>(x + h * Width.Input, h, best, best + Width.Input, Width.Input, !any);
                    any = true;
                }
                Windows(best, best + Width.Input, any, Y.Ptr() + row * Width.Output, Index.Ptr() + row * Width.Output);
            }
        }
        ArrayPool<float>.Shared.Return(columns);
    }

    // Takes row h into the largest of each column and the rows where these lie.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static unsafe void Columns<TLanes, T>(float* x, int h, float* values, float* rows, int n, bool first)
        where TLanes : struct, IHostTileLanes<T> where T : struct, ILane<T>
    {
        T at = T.Of(h);
        for (int i = 0; i < n; i += T.Count)
        {
            T mask = TLanes.Mask(n - i), value = TLanes.Load(x + i, mask), best = value, row = at;
            if (!first)
            {
                T before = TLanes.Load(values + i, mask);
                best = T.IfEqual(value, value, T.IfGreater(value, before, value, before), value);
                row = T.IfEqual(value, value, T.IfGreater(value, before, at, TLanes.Load(rows + i, mask)), at);
            }
            TLanes.Store(values + i, best, mask);
            TLanes.Store(rows + i, row, mask);
        }
    }

    private readonly unsafe void Windows(float* values, float* rows, bool any, float* y, int* index)
    {
        for (int ow = 0; ow < Width.Output; ow++)
        {
            float best = float.NegativeInfinity, row = 0f;
            int column = -1, taps = any ? Width.Taps(ow) : 0;
            for (int b = 0, w = Width.Start(ow); b < taps; b++, w += Width.Dilation)
            {
                if ((uint)w >= (uint)Width.Input) continue;
                float value = values[w];
                bool take = value > best || (value == best && rows[w] < row) || column < 0
                    || (float.IsNaN(value) && (!float.IsNaN(best) || rows[w] >= row));
                if (!take) continue;
                (best, row, column) = (value, rows[w], w);
            }
            y[ow] = best;
            index[ow] = column < 0 ? -1 : (int)row * Width.Input + column;
        }
    }
}

/// <summary><see cref="AveragePoolForward"/> on the host: rows of a window are added up in vector code, then its columns.</summary>
internal struct HostAveragePool : IHostRows
{
    public ArrayView<float> X, Y;
    public PoolAxis Height, Width;
    public int IncludePad, Divisor;

    public readonly unsafe void Rows<TLanes, T>(int start, int end) where TLanes : struct, IHostTileLanes<T> where T : struct, ILane<T>
    {
        float[] columns = ArrayPool<float>.Shared.Rent(Width.Input);
        fixed (float* sums = columns)
        {
            for (int row = start; row < end; row++)
            {
                int plane = row / Height.Output, oh = row - plane * Height.Output;
                float* x = X.Ptr() + plane * Height.Input * Width.Input;
                int top = Height.Start(oh), bottom = Math.Min(top + Height.Taps(oh), Height.Input), first = Math.Max(top, 0);
                if (first >= bottom) new Span<float>(sums, Width.Input).Clear();
                for (int h = first; h < bottom; h++)
                {
                    if (h == first) SimdTeam<T>.Range(0, Width.Input, new CopyBody<Write> { X = x + h * Width.Input, Y = sums });
                    else SimdTeam<T>.Range(0, Width.Input, new CopyBody<Accumulate> { X = x + h * Width.Input, Y = sums });
                }
                Windows(sums, Height.Counted(oh, IncludePad), Y.Ptr() + row * Width.Output);
            }
        }
        ArrayPool<float>.Shared.Return(columns);
    }

    private readonly unsafe void Windows(float* sums, int counted, float* y)
    {
        for (int ow = 0; ow < Width.Output; ow++)
        {
            int left = Width.Start(ow), right = Math.Min(left + Width.Taps(ow), Width.Input);
            float sum = 0f;
            for (int w = Math.Max(left, 0); w < right; w++) sum += sums[w];
            y[ow] = sum / (Divisor != 0 ? Divisor : counted * Width.Counted(ow, IncludePad));
        }
    }
}
