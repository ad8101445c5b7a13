using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace GpuNets.Kernels;

/// <summary>
/// Grouped products on the host's cores. The rows of a slot are copied side by side, while they are in cache, multiplied as
/// <see cref="HostGemm"/> does, and sent where they belong; slots are the parts of the work, so that results do not depend on the number of threads.
/// </summary>
internal static unsafe class HostGroupedGemm
{
    /// <summary>Slots of 128 rows: about a block of A.</summary>
    public const int Shift = 7;

    private const int OuterRows = 256;   // terms that are copied at once

    private static readonly bool s_wide = Vector512.IsHardwareAccelerated;

    /// <summary>y[write[e]] (+)= x[read[e]] op(B[group of e]).</summary>
    public static void Run(HostWorkers workers, in HostGroupedProblem problem, int entries)
    {
        int slots = GroupedRows.Slots(entries, problem.Rows.Groups, Shift);
        double work = 2.0 * entries * problem.Terms * problem.Columns;
        if (s_wide) Run(workers, new ProductJob<Tile512, Lane512> { Problem = problem }, slots, work);
        else Run(workers, new ProductJob<Tile256, Lane256> { Problem = problem }, slots, work);
    }

    /// <summary>partial[slot] = sum of dy[write[e]] x[read[e]]^T, for slots of 2^shift entries.</summary>
    public static void Outer(HostWorkers workers, in HostGroupedProblem problem, int entries, int shift)
    {
        int slots = GroupedRows.Slots(entries, problem.Rows.Groups, shift);
        double work = 2.0 * entries * problem.Terms * problem.Columns;
        if (s_wide) Run(workers, new OuterJob<Tile512, Lane512> { Problem = problem, Shift = shift }, slots, work);
        else Run(workers, new OuterJob<Tile256, Lane256> { Problem = problem, Shift = shift }, slots, work);
    }

    // A core does about 150 flops per nanosecond.
    private static void Run<TJob>(HostWorkers workers, TJob job, int slots, double flops) where TJob : struct, IHostJob
    {
        if (flops / 150 >= HostLaunch.ParallelThreshold) workers.Run(slots, job);
        else for (int slot = 0; slot < slots; slot++) job.Part(slot);
    }

    private static void Copy(float* from, int* rows, int count, int width, float* to)
    {
        for (int i = 0; i < count; i++, to += width)
            Buffer.MemoryCopy(from + (long)rows[i] * width, to, width * sizeof(float), width * sizeof(float));
    }

    private struct ProductJob<TLanes, T> : IHostJob where TLanes : struct, IHostTileLanes<T> where T : struct, ILane<T>
    {
        public HostGroupedProblem Problem;

        public readonly void Part(int index)
        {
            var p = Problem;
            var slot = p.Rows.Slot(index, Shift);
            int rows = slot.End - slot.First;
            if (rows <= 0) return;
            float* x = (float*)NativeMemory.AlignedAlloc((nuint)(rows * (p.Terms + p.Columns) + 1) * sizeof(float), 64), y = x + rows * p.Terms;
            Copy(p.X, p.Read + slot.First, rows, p.Terms, x);
            if (p.Accumulate) Copy(p.Y, p.Write + slot.First, rows, p.Columns, y);
            var size = new GemmSize(rows, p.Columns, p.Terms, transposeB: p.TransposeB);
            var product = new HostGemmProblem { A = x, B = p.Matrices + (long)slot.Group * p.Terms * p.Columns, C = y, Size = size, Accumulate = p.Accumulate };
            HostGemmForms.Run<TLanes, T>(GemmPlan.Host(size), product.Block(0, 0, rows, 0, p.Columns));
            for (int i = 0; i < rows; i++)
                Buffer.MemoryCopy(y + i * p.Columns, p.Y + (long)p.Write[slot.First + i] * p.Columns, p.Columns * sizeof(float), p.Columns * sizeof(float));
            NativeMemory.AlignedFree(x);
        }
    }

    private struct OuterJob<TLanes, T> : IHostJob where TLanes : struct, IHostTileLanes<T> where T : struct, ILane<T>
    {
        public HostGroupedProblem Problem;
        public int Shift;

        public readonly void Part(int index)
        {
            var p = Problem;
            var slot = p.Rows.Slot(index, Shift);
            if (slot.First >= slot.End) return;
            int most = Math.Min(OuterRows, slot.End - slot.First);
            float* dy = (float*)NativeMemory.AlignedAlloc((nuint)(most * (p.Terms + p.Columns) + 1) * sizeof(float), 64), x = dy + most * p.Columns;
            for (int first = slot.First; first < slot.End; first += most)
            {
                int rows = Math.Min(most, slot.End - first);
                Copy(p.Y, p.Write + first, rows, p.Columns, dy);
                Copy(p.X, p.Read + first, rows, p.Terms, x);
                var size = new GemmSize(p.Columns, p.Terms, rows, transposeA: true);
                var product = new HostGemmProblem
                {
                    A = dy,
                    B = x,
                    C = p.Matrices + (long)index * p.Terms * p.Columns,
                    Size = size,
                    Accumulate = first > slot.First,
                };
                HostGemmForms.Run<TLanes, T>(GemmPlan.Host(size), product.Block(0, 0, p.Columns, 0, p.Terms));
            }
            NativeMemory.AlignedFree(dy);
        }
    }
}

/// <summary>Grouped products in host memory: x has rows of <see cref="Terms"/>, y of <see cref="Columns"/>.</summary>
internal unsafe struct HostGroupedProblem
{
    public static HostGroupedProblem Of(DeviceBuffer x, DeviceBuffer matrices, SegmentLists groups, DeviceBuffer y, int terms, int columns) => new()
    {
        X = x.Floats.Ptr(),
        Matrices = matrices.Floats.Ptr(),
        Y = y.Floats.Ptr(),
        Read = groups.Rows.Ints.Ptr(),
        Write = groups.Edges.Ints.Ptr(),
        Rows = GroupedRows.Of(groups),
        Terms = terms,
        Columns = columns,
    };

    /// <summary>A matrix per group, or per slot where outer products are summed.</summary>
    public float* X, Matrices, Y;
    public int* Read, Write;

    /// <summary>The groups and their slots.</summary>
    public GroupedRows Rows;
    public int Terms, Columns;

    /// <summary>Whether a matrix is [columns, terms], and whether to add to y.</summary>
    public bool TransposeB, Accumulate;
}
