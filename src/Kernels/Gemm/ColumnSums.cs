using ILGPU;

namespace GpuNets.Kernels;

/// <summary>
/// y[c] = sum_r x[r, c], the gradient of a bias. Two stages: chunks of rows are summed side by side, then their sums; the chunks depend
/// on the sizes alone, so the order of additions does not depend on threads.
/// </summary>
internal static class ColumnSums
{
    private const int ChunkRows = 64, MostChunks = 128;

    /// <summary>Writes (or adds, with <paramref name="accumulate"/>) the sums over the rows of x [rows, columns] to y [columns].</summary>
    public static void Run(DeviceBuffer x, int rows, int columns, DeviceBuffer y, bool accumulate)
    {
        if (columns == 0) return;
        int chunkRows = Math.Max(ChunkRows, (rows + MostChunks - 1) / MostChunks), chunks = (rows + chunkRows - 1) / chunkRows;
        if (chunks <= 1)
        {
            Launch(x, rows, columns, y, Math.Max(rows, 1), accumulate);
            return;
        }
        var partial = x.Device.Allocate(chunks * columns, "partial column sums");
        Launch(x, rows, columns, partial, chunkRows, accumulate: false);
        Launch(partial, chunks, columns, y, chunks, accumulate);
        partial.Free();
    }

    private static void Launch(DeviceBuffer x, int rows, int columns, DeviceBuffer y, int chunkRows, bool accumulate) =>
        x.Device.ForRows(
            new Kernel { X = x.Floats, Y = y.Floats, Rows = rows, Columns = columns, ChunkRows = chunkRows, Accumulate = accumulate ? 1 : 0 },
            Math.Max(1, (rows + chunkRows - 1) / chunkRows), columns, 0.1f * chunkRows * columns);

    /// <summary>One chunk of rows per team. A member adds to the same columns in every pass, so that no barrier is needed.</summary>
    internal struct Kernel : IRowKernel
    {
        public ArrayView<float> X, Y;
        public int Rows, Columns, ChunkRows, Accumulate;

        public readonly unsafe void Row<TTeam>(int row) where TTeam : struct, ITeam
        {
            float* y = Y.Ptr() + row * Columns;
            int first = row * ChunkRows, end = Math.Min(first + ChunkRows, Rows);
            if (Accumulate == 0) TTeam.Each(Columns, new Clear { Y = y });
            int r = first;
            for (; r + 4 <= end; r += 4) TTeam.Each(Columns, new AddFour { X = X.Ptr() + r * Columns, Y = y, Columns = Columns });
            for (; r < end; r++) TTeam.Each(Columns, new AddOne { X = X.Ptr() + r * Columns, Y = y });
        }
    }

    private unsafe struct Clear : IElementBody
    {
        public float* Y;

        public readonly void At<T>(int i) where T : struct, ILane<T> => T.Store(Y, i, T.Of(0f));
    }

    private unsafe struct AddOne : IElementBody
    {
        public float* X, Y;

        public readonly void At<T>(int i) where T : struct, ILane<T> => T.Store(Y, i, T.Load(Y, i) + T.Load(X, i));
    }

    // Four rows per pass: the running sums are read and written a quarter as often.
    private unsafe struct AddFour : IElementBody
    {
        public float* X, Y;
        public int Columns;

        public readonly void At<T>(int i) where T : struct, ILane<T> =>
            T.Store(Y, i, T.Load(Y, i) + ((T.Load(X, i) + T.Load(X, i + Columns)) + (T.Load(X, i + 2 * Columns) + T.Load(X, i + 3 * Columns))));
    }
}
