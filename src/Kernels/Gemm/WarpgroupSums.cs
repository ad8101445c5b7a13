namespace GpuNets.Kernels;

/// <summary>
/// The sums of a thread of a warpgroup, of 64 rows by 256 columns: a quad per eight columns, as <see cref="TensorCores"/> has them. In fields
/// of structs, which always become registers.
/// </summary>
internal struct WarpgroupSums
{
    private Columns64 _first, _second, _third, _fourth;

    /// <summary>Hands out the sums, four columns at a time.</summary>
    /// <param name="sums">The sums.</param>
    /// <param name="target">Takes them.</param>
    /// <param name="row">First of the 16 rows of the warp.</param>
    /// <param name="column">First column.</param>
    /// <param name="columns">Columns of C: what lies beyond is left out.</param>
    public static void Store<TTarget>(WarpgroupSums sums, TTarget target, int row, int column, int columns) where TTarget : struct, ITeamTarget
    {
        Columns64.Store(sums._first, target, row, column);
        if (column + 64 < columns) Columns64.Store(sums._second, target, row, column + 64);
        if (column + 128 < columns) Columns64.Store(sums._third, target, row, column + 128);
        if (column + 192 < columns) Columns64.Store(sums._fourth, target, row, column + 192);
    }

    private struct Columns64
    {
        public Float4 A, B, C, D, E, F, G, H;

        public static void Store<TTarget>(Columns64 sums, TTarget target, int row, int column) where TTarget : struct, ITeamTarget
        {
            TensorStrip.Put(sums.A, target, row, column);
            TensorStrip.Put(sums.B, target, row, column + 8);
            TensorStrip.Put(sums.C, target, row, column + 16);
            TensorStrip.Put(sums.D, target, row, column + 24);
            TensorStrip.Put(sums.E, target, row, column + 32);
            TensorStrip.Put(sums.F, target, row, column + 40);
            TensorStrip.Put(sums.G, target, row, column + 48);
            TensorStrip.Put(sums.H, target, row, column + 56);
        }
    }
}
