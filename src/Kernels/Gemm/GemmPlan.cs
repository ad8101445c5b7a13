namespace GpuNets.Kernels;

/// <summary>How a block of C is computed on the host.</summary>
internal enum HostGemmForm
{
    /// <summary>Each output is a dot product of two contiguous rows; nothing is copied.</summary>
    Dots,

    /// <summary>Register tiles read A and B in place.</summary>
    Direct,

    /// <summary>Register tiles read copies of blocks of A and B that fit the caches.</summary>
    Packed,
}

/// <summary>How C is cut into blocks, and the blocks into parts of work for threads.</summary>
internal readonly record struct HostGemmSplit(int RowBlocks, int ColumnBlocks, int Rows, int Columns, int Parts);

/// <summary>
/// The one table of forms and block sizes of matrix products. Host figures: AMD Zen 5, AVX-512, medians; one core reaches 165 to 205
/// GFLOP/s with packed blocks of any KBlock from 128 to 512 at N = 512, and of 256 alone at N = 1024 (there 320 loses a tenth).
/// </summary>
internal static class GemmPlan
{
    /// <summary>Blocks of k, rows and columns: a panel of B (32 KB) stays in the first cache, the block of A (120 KB) in the second.</summary>
    public const int KBlock = 256, MBlock = 120, NBlock = 1024;

    /// <summary>From this many columns on, copying A costs less than reading its rows from memory pages far apart.</summary>
    public const int PackAColumns = 192;

    private const int MostDotRows = 12;       // 16 x 1024 x 256: dots 61 us, packed 85 us; 16 x 400 x 120: 17 and 14 us
    private const int MostDirectRows = 64;    // 48 x 1024 x 256: direct 131 us, packed 156 us; 64 rows: 184 and 203 us

    /// <summary>The form of a problem on the host.</summary>
    public static HostGemmForm Host(in GemmSize size)
    {
        if (size.TransposeB) return size.M <= MostDotRows && !size.TransposeA ? HostGemmForm.Dots : HostGemmForm.Packed;
        return size.M <= MostDirectRows ? HostGemmForm.Direct : HostGemmForm.Packed;
    }

    /// <summary>Cuts C into blocks of whole tiles, as many as are worth waking threads for.</summary>
    public static HostGemmSplit Split(in GemmSize size, int threads, int tileRows, int tileColumns)
    {
        // A core does about 150 flops or reads about 40 bytes of B per nanosecond.
        double work = Math.Max(size.Flops / 150, 4.0 * size.N * size.K * (size.StrideB == 0 ? 1 : size.Batch) / 40);
        int wanted = threads == 1 || work < HostLaunch.ParallelThreshold ? 1 : work < 10 * HostLaunch.ParallelThreshold ? threads : 4 * threads;
        int rowBlocks = 1, columnBlocks = 1;
        while ((long)rowBlocks * columnBlocks * size.Batch < wanted)
        {
            int rows = size.M / rowBlocks, columns = size.N / columnBlocks;
            bool splitColumns = columns >= 2 * tileColumns, splitRows = rows >= 2 * tileRows;
            if (splitColumns && (columns >= rows || !splitRows)) columnBlocks *= 2;
            else if (splitRows) rowBlocks *= 2;
            else break;
        }
        int parts = (int)Math.Min(wanted, (long)rowBlocks * columnBlocks * size.Batch);
        return new(rowBlocks, columnBlocks, Whole(size.M, rowBlocks, tileRows), Whole(size.N, columnBlocks, tileColumns), parts);
    }

    /// <summary>
    /// For CPUs under OpenCL: whether all of B is copied into panels. Transposed it must be; else from the size on where rows of B
    /// lie too far apart for the caches (N = 512: 216 GFLOP/s in place and 219 packed, 1024: 155 and 218, copying included).
    /// </summary>
    public static bool PackForItems(in GemmSize size) => size.TransposeB || size.N >= 1024 && size.M >= 64;

    /// <summary>
    /// For CPUs under OpenCL: whether a transposed A is turned first. A tile reads four of its neighbouring floats per k, each time of
    /// another line: many k are more lines than the first cache holds, and many columns of B read each of them again.
    /// </summary>
    public static bool TurnAForItems(in GemmSize size) => size.TransposeA && size.K >= 512 && size.N >= 128;

    /// <summary>
    /// Items per group of register tiles: 16 if that wastes little, since a group of 1 reaches two thirds of its speed. Few different
    /// values, because PoCL compiles a kernel anew for each.
    /// </summary>
    public static int ItemGroup(int tiles) => tiles >= 64 || tiles % 16 == 0 ? 16 : tiles >= 8 || tiles % 4 == 0 ? 4 : 1;

    /// <summary>For GPUs: large tiles where there are enough of them for every unit; they do twice the work per byte of shared memory.</summary>
    public static bool LargeTeams(in GemmSize size, int units) =>
        size.M > 64 && size.N > 64 && (long)((size.M + 127) / 128) * ((size.N + 127) / 128) * size.Batch >= units;

    private static int Whole(int length, int blocks, int tile) => ((length + blocks - 1) / blocks + tile - 1) / tile * tile;
}
