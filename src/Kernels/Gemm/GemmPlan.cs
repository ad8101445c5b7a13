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

/// <summary>How a GPU computes C.</summary>
internal enum TeamGemmForm
{
    /// <summary>Float32, 64 x 64 per group.</summary>
    Small,

    /// <summary>Float32, 128 x 128 per group.</summary>
    Large,

    /// <summary>Tensor cores, operands rounded to tf32, 128 x 128 per group.</summary>
    Tf32,

    /// <summary>Tensor cores, operands rounded to bfloat16, 128 x 128 per group.</summary>
    BFloat16,

    /// <summary>Tensor cores of compute capability 9.0 by warpgroups, operands rounded to tf32 and packed first, 128 x 256 per group.</summary>
    WarpgroupTf32,

    /// <summary>The same with operands rounded to bfloat16.</summary>
    WarpgroupBFloat16,
}

/// <summary>The form on a GPU, and into how many parts the sums over k are cut to keep all units busy.</summary>
internal readonly record struct TeamGemmPlan(TeamGemmForm Form, int Parts)
{
    /// <summary>A part is a multiple of this: a whole number of stages of the form.</summary>
    public int Multiple => Form == TeamGemmForm.WarpgroupBFloat16 ? 64 : 32;

    /// <summary>Terms of each part but the last, which has what is left.</summary>
    public int Terms(int k) => Parts == 1 ? k : (((k + Parts - 1) / Parts) + Multiple - 1) / Multiple * Multiple;
}

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

    /// <summary>The form on a GPU.</summary>
    public static TeamGemmPlan Team(in GemmSize size, Device device) =>
        Team(size, device.HasTensorCores ? device.Precision : Precision.Float32, device.Info.Units, device.Warpgroups);

    /// <summary>
    /// Tensor cores where the precision allows it and tiles of 128 are not mostly empty. In float32, large tiles where there are enough of
    /// them for every unit; they do twice the work per byte of shared memory. Where tiles are few and sums long, sums are cut into parts,
    /// each long enough to outweigh writing and reading its sums. Warpgroups from the sizes on where packing the operands is a small part of
    /// the work; unless <see cref="DeviceOptions.Warpgroups"/> asks for them, only with two tiles for every unit: on an H100 a product of 4096
    /// took 0.47 ms instead of 1.15 in tf32, 0.29 instead of 0.70 in bfloat16, and smaller ones have not been measured.
    /// </summary>
    public static TeamGemmPlan Team(in GemmSize size, Precision precision, int units, WarpgroupUse warpgroups = WarpgroupUse.Never)
    {
        long large = Tiles(size, 128), small = Tiles(size, 64);
        long whole = Tiles(size, WarpgroupGemmSize.Rows, Warpgroup.Columns);
        bool byGroups = warpgroups == WarpgroupUse.Wherever || (warpgroups == WarpgroupUse.Large && whole >= 2L * units);
        if (byGroups && precision != Precision.Float32 && size.M >= 256 && size.N >= 256 && size.K >= 256)
            return Plan(precision == Precision.Tf32 ? TeamGemmForm.WarpgroupTf32 : TeamGemmForm.WarpgroupBFloat16, size.K, whole, units);
        bool isTensor = precision != Precision.Float32 && size.M > 32 && size.N > 32 && size.K >= 32;
        if (isTensor) return Plan(precision == Precision.Tf32 ? TeamGemmForm.Tf32 : TeamGemmForm.BFloat16, size.K, large, units);
        if (size.M > 64 && size.N > 64 && large >= units) return new(TeamGemmForm.Large, 1);
        return Plan(TeamGemmForm.Small, size.K, small, units);
    }

    private const int ShortestPart = 256;

    private static TeamGemmPlan Plan(TeamGemmForm form, int k, long tiles, int units) => new(form, Parts(form, k, tiles, units));

    private static int Parts(TeamGemmForm form, int k, long tiles, int units)
    {
        if (2 * tiles > units || k < 2 * ShortestPart) return 1;
        int wanted = (int)Math.Min(units / tiles, k / ShortestPart);
        // As many as have terms once their length is rounded up.
        int terms = new TeamGemmPlan(form, wanted).Terms(k);
        return (k + terms - 1) / terms;
    }

    private static long Tiles(in GemmSize size, int width) => Tiles(size, width, width);

    private static long Tiles(in GemmSize size, int rows, int columns) => (long)((size.M + rows - 1) / rows) * ((size.N + columns - 1) / columns) * size.Batch;

    private static int Whole(int length, int blocks, int tile) => ((length + blocks - 1) / blocks + tile - 1) / tile * tile;
}
