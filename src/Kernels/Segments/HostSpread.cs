using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace GpuNets.Kernels;

/// <summary>
/// y[k, :] (+)= w[k] x[index[k], :] on the host: rows that lie anywhere in memory are fetched ahead. As a row kernel, the call per row and
/// the waiting for memory made it half as fast.
/// </summary>
internal static unsafe class HostSpread
{
    private const int Ahead = 8;    // rows
    private const int Line = 16;    // floats of a cache line

    public static void Run<TStore, TWeight>(HostWorkers workers, in SpreadArguments arguments)
        where TStore : struct, IStore where TWeight : struct, IEdgeWeight
    {
        float work = arguments.Rows * (5f + 0.3f * arguments.Width);
        int parts = work < HostLaunch.ParallelThreshold ? 1 : Math.Min(arguments.Rows, 4 * workers.Count);
        workers.Run(parts, new Job<TStore, TWeight>(arguments, parts));
    }

    private readonly struct Job<TStore, TWeight>(SpreadArguments arguments, int parts) : IHostJob
        where TStore : struct, IStore where TWeight : struct, IEdgeWeight
    {
        public void Part(int index)
        {
            int first = (int)((long)arguments.Rows * index / parts), end = (int)((long)arguments.Rows * (index + 1) / parts);
            if (Vector512.IsHardwareAccelerated) Range<Lane512, TStore, TWeight>(arguments, first, end);
            else Range<Lane256, TStore, TWeight>(arguments, first, end);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Range<T, TStore, TWeight>(in SpreadArguments arguments, int first, int end)
        where T : struct, ILane<T> where TStore : struct, IStore where TWeight : struct, IEdgeWeight
    {
        float* source = arguments.X, w = arguments.W, target = arguments.Y;
        int* index = arguments.Index, starts = arguments.Starts;
        int stride = arguments.Stride, width = arguments.Width, wStride = arguments.WStride, rows = arguments.Rows;
        bool mean = arguments.Mean;
        for (int row = first; row < end; row++)
        {
            if (Sse.IsSupported && row + Ahead < rows)
                for (int line = 0; line < width; line += Line) Sse.Prefetch0(source + index[row + Ahead] * stride + line);
            int at = index[row];
            float* x = source + at * stride, y = target + row * stride;
            T factor = T.Of(mean ? 1f / (starts[at + 1] - starts[at]) : 1f);
            int c = 0;
            for (; c + T.Count <= width; c += T.Count) TStore.To(y, c, TWeight.Times(w, row * wStride, c, T.Load(x, c)) * factor);
            if (c < width) Rest<TStore, TWeight>(x, w, y, row * wStride, c, width, mean ? 1f / (starts[at + 1] - starts[at]) : 1f);
        }
    }

    private static void Rest<TStore, TWeight>(float* x, float* w, float* y, int at, int c, int width, float factor)
        where TStore : struct, IStore where TWeight : struct, IEdgeWeight
    {
        for (; c + 4 <= width; c += 4) TStore.To(y, c, TWeight.Times(w, at, c, Lane128.Load(x, c)) * Lane128.Of(factor));
        for (; c < width; c++) TStore.To(y, c, TWeight.Times(w, at, c, Scalar.Load(x, c)) * Scalar.Of(factor));
    }
}

/// <summary>Arguments of <see cref="HostSpread"/>; steps as in <see cref="SegmentSumArguments"/>.</summary>
internal unsafe struct SpreadArguments
{
    public float* X, W, Y;
    public int* Index, Starts;
    public int Rows, Stride, WStride, Width;

    /// <summary>Divided by the length of the segment.</summary>
    public bool Mean;
}
