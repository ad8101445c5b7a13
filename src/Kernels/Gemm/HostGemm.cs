using System.Runtime.Intrinsics;

namespace GpuNets.Kernels;

/// <summary>
/// Matrix products on the host's cores. C is cut into blocks that threads take one by one; how a block is computed depends on the
/// sizes of the whole problem alone, and k is summed in one order, so that results do not depend on the number of threads.
/// </summary>
internal static unsafe class HostGemm
{
    // A constant to the JIT, which drops the other branch.
    private static readonly bool s_wide = Vector512.IsHardwareAccelerated;

    public static void Run(HostWorkers workers, in HostGemmProblem problem)
    {
        if (s_wide) Run<Tile512, Lane512>(workers, problem);
        else Run<Tile256, Lane256>(workers, problem);
    }

    /// <summary>Runs with registers of a given width.</summary>
    public static void Run<TLanes, T>(HostWorkers workers, in HostGemmProblem problem)
        where TLanes : struct, IHostTileLanes<T> where T : struct, ILane<T>
    {
        var job = new Job<TLanes, T>(problem, GemmPlan.Split(problem.Size, workers.Count, TLanes.Rows, 2 * T.Count));
        if (job.Parts > 1)
        {
            workers.Run(job.Parts, job);
            return;
        }
        job.Part(0);
    }

    private readonly struct Job<TLanes, T>(HostGemmProblem problem, HostGemmSplit split) : IHostJob
        where TLanes : struct, IHostTileLanes<T> where T : struct, ILane<T>
    {
        private readonly HostGemmProblem _problem = problem;
        private readonly HostGemmSplit _split = split;

        public int Parts => _split.Parts;

        public void Part(int index)
        {
            var size = _problem.Size;
            int blocks = _split.RowBlocks * _split.ColumnBlocks, all = blocks * size.Batch;
            // Small products of a large batch: several to a part.
            int first = (int)((long)all * index / _split.Parts), end = (int)((long)all * (index + 1) / _split.Parts);
            for (int i = first; i < end; i++)
            {
                int block = i % blocks;
                int row = block / _split.ColumnBlocks * _split.Rows, column = block % _split.ColumnBlocks * _split.Columns;
                int rows = Math.Min(_split.Rows, size.M - row), columns = Math.Min(_split.Columns, size.N - column);
                if (rows > 0 && columns > 0)
                    HostGemmForms.Run<TLanes, T>(GemmPlan.Host(size), _problem.Block(i / blocks, row, rows, column, columns));
            }
        }
    }
}
