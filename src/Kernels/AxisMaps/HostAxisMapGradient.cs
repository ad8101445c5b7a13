using System.Runtime.CompilerServices;
using ILGPU;

namespace GpuNets.Kernels;

/// <summary>
/// <see cref="AxisMapGradientRows{TMap}"/> on the host: a row of dx stays in cache while the rows of dy that saw it are added, so that what
/// each took is worked out once and not for every few columns.
/// </summary>
internal struct HostAxisMapGradient<TMap> : IHostRows where TMap : struct, IAxisMap
{
    public ArrayView<float> DY, DX;
    public TMap Map;
    public int Size, Total, Inner;

    public readonly unsafe void Rows<TLanes, T>(int start, int end) where TLanes : struct, IHostTileLanes<T> where T : struct, ILane<T>
    {
        float* dy = DY.Ptr(), dx = DX.Ptr();
        for (int row = start; row < end; row++)
        {
            int outer = row / Size, input = row - outer * Size;
            float* target = dx + row * Inner, source = dy + outer * Total * Inner;
            bool first = true;
            for (int run = 0; run < Map.Runs; run++)
            {
                Map.Run(input, run, out int from, out int to, out int step);
                for (int o = from; o < to; o += step)
                {
                    float weight = Map.Weight(o, input);
                    if (weight == 0f) continue;
                    Add<TLanes, T>(source + o * Inner, target, Inner, weight, first);
                    first = false;
                }
            }
            if (first) new Span<float>(target, Inner).Clear();
        }
    }

    // y = weight x, or y += weight x.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static unsafe void Add<TLanes, T>(float* x, float* y, int n, float weight, bool overwrite)
        where TLanes : struct, IHostTileLanes<T> where T : struct, ILane<T>
    {
        T factor = T.Of(weight);
        int whole = n - n % T.Count;
        T mask = TLanes.Mask(n - whole), last = TLanes.Load(x + whole, mask) * factor;
        if (overwrite)
        {
            for (int i = 0; i < whole; i += T.Count) T.Store(y, i, T.Load(x, i) * factor);
            TLanes.Store(y + whole, last, mask);
            return;
        }
        for (int i = 0; i < whole; i += T.Count) T.Store(y, i, T.Load(y, i) + T.Load(x, i) * factor);
        TLanes.Store(y + whole, TLanes.Load(y + whole, mask) + last, mask);
    }
}
