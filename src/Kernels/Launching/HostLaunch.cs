using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace GpuNets.Kernels;

/// <summary>Runs kernels directly on host memory: small work on the calling thread, larger work in one chunk or more per core.</summary>
internal static class HostLaunch
{
    /// <summary>Below this many nanoseconds of work, waking the other threads costs more than they save.</summary>
    public const float ParallelThreshold = 20_000f;

    // Never inlined: in a caller that is compiled again once it is hot, the inliner runs out of depth within a kernel, and each lane
    // operation becomes a call (e^x over 16M floats: 74 ms instead of 9).
    private const MethodImplOptions KernelRoot = MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining;

    public static void Elements<TKernel>(HostWorkers workers, in TKernel kernel, int count, float nanosecondsEach)
        where TKernel : struct, IElementKernel
    {
        float work = count * nanosecondsEach;
        if (work < ParallelThreshold || workers.Count == 1)
        {
            RunElements(kernel, 0, count);
            return;
        }
        // Chunks end at multiples of 64 elements: cache lines are not shared between cores.
        int parts = Math.Min(workers.Count, Math.Max(1, count / 64));
        workers.Run(parts, new ElementsJob<TKernel>(kernel, count, parts));
    }

    public static void Rows<TKernel>(HostWorkers workers, in TKernel kernel, int rows, float nanosecondsEach)
        where TKernel : struct, IRowKernel
    {
        int parts = RowParts(workers, rows, nanosecondsEach);
        if (parts == 1) RunRows(kernel, 0, rows);
        else workers.Run(parts, new RowsJob<TKernel>(kernel, rows, parts));
    }

    public static void WholeRows<TKernel>(HostWorkers workers, in TKernel kernel, int rows, float nanosecondsEach)
        where TKernel : struct, IHostRows
    {
        int parts = RowParts(workers, rows, nanosecondsEach);
        if (parts == 1) RunWholeRows(kernel, 0, rows);
        else workers.Run(parts, new WholeRowsJob<TKernel>(kernel, rows, parts));
    }

    // Several chunks per core even out rows of unequal cost, but each must stay worth its hand-over (5 us).
    private static int RowParts(HostWorkers workers, int rows, float nanosecondsEach) =>
        rows == 1 || workers.Count == 1 || rows * nanosecondsEach < ParallelThreshold
            ? 1
            : (int)Math.Clamp(rows * nanosecondsEach / 5_000f, 1, Math.Min(rows, workers.Count * 4));

    public static void RowElements<TKernel>(HostWorkers workers, in TKernel kernel, int rows, int columns, float nanosecondsEach)
        where TKernel : struct, IRowElementKernel
    {
        float work = (float)rows * columns * nanosecondsEach;
        if (workers.Count == 1 || work < ParallelThreshold)
        {
            RunRowElements(kernel, 0, rows, 0, columns);
            return;
        }
        // Fewer rows than threads: rows are cut, too, as in Elements.
        int cuts = rows >= workers.Count ? 1 : Math.Min((workers.Count + rows - 1) / rows, Math.Max(1, columns / 64));
        int parts = Math.Min(workers.Count, rows) * cuts;
        workers.Run(parts, new RowElementsJob<TKernel>(kernel, rows, columns, parts / cuts, cuts));
    }

    [MethodImpl(KernelRoot)]
    private static void RunElements<TKernel>(TKernel kernel, int start, int end) where TKernel : struct, IElementKernel
    {
        if (Vector512.IsHardwareAccelerated) kernel.Run(new HostRange<Lane512>(start, end));
        else if (Vector256.IsHardwareAccelerated) kernel.Run(new HostRange<Lane256>(start, end));
        else kernel.Run(new HostRange<Lane128>(start, end));
    }

    [MethodImpl(KernelRoot)]
    private static void RunRows<TKernel>(TKernel kernel, int start, int end) where TKernel : struct, IRowKernel
    {
        if (Vector512.IsHardwareAccelerated) for (int row = start; row < end; row++) kernel.Row<SimdTeam<Lane512>>(row);
        else if (Vector256.IsHardwareAccelerated) for (int row = start; row < end; row++) kernel.Row<SimdTeam<Lane256>>(row);
        else for (int row = start; row < end; row++) kernel.Row<SimdTeam<Lane128>>(row);
    }

    private static void RunWholeRows<TKernel>(TKernel kernel, int start, int end) where TKernel : struct, IHostRows
    {
        if (Vector512.IsHardwareAccelerated) kernel.Rows<Tile512, Lane512>(start, end);
        else kernel.Rows<Tile256, Lane256>(start, end);
    }

    [MethodImpl(KernelRoot)]
    private static void RunRowElements<TKernel>(TKernel kernel, int start, int end, int from, int to) where TKernel : struct, IRowElementKernel
    {
        if (Vector512.IsHardwareAccelerated) for (int row = start; row < end; row++) kernel.Run(row, new HostRange<Lane512>(from, to));
        else if (Vector256.IsHardwareAccelerated) for (int row = start; row < end; row++) kernel.Run(row, new HostRange<Lane256>(from, to));
        else for (int row = start; row < end; row++) kernel.Run(row, new HostRange<Lane128>(from, to));
    }

    private struct ElementsJob<TKernel>(TKernel kernel, int count, int parts) : IHostJob where TKernel : struct, IElementKernel
    {
        public readonly void Part(int index) => RunElements(kernel, Bound(index), index + 1 == parts ? count : Bound(index + 1));

        private readonly int Bound(int index) => (int)((long)count * index / parts) & ~63;
    }

    private struct RowsJob<TKernel>(TKernel kernel, int rows, int parts) : IHostJob where TKernel : struct, IRowKernel
    {
        public readonly void Part(int index) =>
            RunRows(kernel, (int)((long)rows * index / parts), (int)((long)rows * (index + 1) / parts));
    }

    private struct WholeRowsJob<TKernel>(TKernel kernel, int rows, int parts) : IHostJob where TKernel : struct, IHostRows
    {
        public readonly void Part(int index) =>
            RunWholeRows(kernel, (int)((long)rows * index / parts), (int)((long)rows * (index + 1) / parts));
    }

    private struct RowElementsJob<TKernel>(TKernel kernel, int rows, int columns, int parts, int cuts) : IHostJob where TKernel : struct, IRowElementKernel
    {
        public readonly void Part(int index)
        {
            int part = index / cuts, cut = index - part * cuts;
            RunRowElements(
                kernel, (int)((long)rows * part / parts), (int)((long)rows * (part + 1) / parts), Bound(cut), cut + 1 == cuts ? columns : Bound(cut + 1));
        }

        private readonly int Bound(int cut) => (int)((long)columns * cut / cuts) & ~63;
    }
}
