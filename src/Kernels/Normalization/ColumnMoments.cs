using ILGPU;

namespace GpuNets.Kernels;

/// <summary>How a matrix is cut into blocks of rows and tiles of columns, a team for each. The blocks are the same on every device: they decide the order of sums.</summary>
internal readonly struct ColumnBlocks
{
    /// <summary>More blocks than this only feed the second stage; fewer rows do not pay for it.</summary>
    private const int MostBlocks = 128, FewestRows = 32;

    public readonly int Rows, Columns, Blocks, RowsPerBlock, Width, Tiles;

    /// <param name="rows">Rows of the matrix, at least 1.</param>
    /// <param name="columns">Its columns.</param>
    /// <param name="width">Columns of a tile.</param>
    public ColumnBlocks(int rows, int columns, int width)
    {
        Rows = rows;
        Columns = columns;
        RowsPerBlock = Math.Max(FewestRows, (rows + MostBlocks - 1) / MostBlocks);
        Blocks = (rows + RowsPerBlock - 1) / RowsPerBlock;
        Width = Math.Min(width, columns);
        Tiles = (columns + Width - 1) / Width;
    }

    public int FirstRow(int block) => block * RowsPerBlock;

    public int RowsOf(int block) => Rows - block * RowsPerBlock < RowsPerBlock ? Rows - block * RowsPerBlock : RowsPerBlock;

    public int ColumnsOf(int tile) => Columns - tile * Width < Width ? Columns - tile * Width : Width;
}

/// <summary>
/// First stage of the statistics of columns: of each block of rows the mean and the sum of squared differences from it,
/// [blocks, 2, columns]. Row after row into the result, which stays in cache: vector code on hosts and PoCL, coalesced on GPUs.
/// </summary>
internal struct ColumnMoments : IRowKernel
{
    public ArrayView<float> X, Partial;
    public ColumnBlocks Blocks;

    public readonly unsafe void Row<TTeam>(int index) where TTeam : struct, ITeam
    {
        int block = index / Blocks.Tiles, tile = index - block * Blocks.Tiles;
        int rows = Blocks.RowsOf(block), columns = Blocks.ColumnsOf(tile), pitch = Blocks.Columns, column = tile * Blocks.Width;
        float* x = X.Ptr() + (Blocks.FirstRow(block) * pitch + column);
        float* mean = Partial.Ptr() + (2 * block * pitch + column), squares = mean + pitch;
        TTeam.Each(columns, new CopyBody<Write> { X = x, Y = mean });
        for (int r = 1; r < rows; r++) TTeam.Each(columns, new CopyBody<Accumulate> { X = x + r * pitch, Y = mean });
        TTeam.Each(columns, new Scale { Y = mean, Factor = 1f / rows });
        TTeam.Each(columns, new Squares<Write> { X = x, Mean = mean, Y = squares });
        for (int r = 1; r < rows; r++) TTeam.Each(columns, new Squares<Accumulate> { X = x + r * pitch, Mean = mean, Y = squares });
    }

    private unsafe struct Scale : IElementBody
    {
        public float* Y;
        public float Factor;

        public readonly void At<T>(int i) where T : struct, ILane<T> => T.Store(Y, i, T.Load(Y, i) * T.Of(Factor));
    }

    private unsafe struct Squares<TStore> : IElementBody where TStore : struct, IStore
    {
        public float* X, Mean, Y;

        public readonly void At<T>(int i) where T : struct, ILane<T>
        {
            T d = T.Load(X, i) - T.Load(Mean, i);
            TStore.To(Y, i, d * d);
        }
    }
}

/// <summary>
/// Second stage: joins blocks, and the <see cref="Size"/> neighbouring columns of a channel, as <see cref="PlaneMoments"/> joins pieces.
/// Element i is channel i.
/// </summary>
internal struct ChannelMoments : IElementKernel
{
    public ArrayView<float> Partial;
    public SetStatistics Statistics;
    public ColumnBlocks Blocks;
    public int Size;

    public readonly unsafe void Run<TLoop>(TLoop loop) where TLoop : struct, ILoop =>
        loop.Each(new Body { Partial = Partial.Ptr(), Statistics = Statistics, Blocks = Blocks, Size = Size });

    private unsafe struct Body : IElementBody
    {
        public float* Partial;
        public SetStatistics Statistics;
        public ColumnBlocks Blocks;
        public int Size;

        public readonly void At<T>(int i) where T : struct, ILane<T>
        {
            if (Size == 1) Join<T>(i);
            else for (int channel = i; channel < i + T.Count; channel++) Join<Scalar>(channel);
        }

        private readonly void Join<T>(int channel) where T : struct, ILane<T>
        {
            T sum = T.Of(0f), squares = sum;
            for (int block = 0; block < Blocks.Blocks; block++)
            {
                T means = T.Of(0f);
                for (int k = 0; k < Size; k++) means += T.Load(Partial, 2 * block * Blocks.Columns + channel * Size + k);
                sum = T.MulAdd(means, T.Of((float)Blocks.RowsOf(block)), sum);
            }
            float n = (float)Blocks.Rows * Size;
            T mean = sum / T.Of(n);
            for (int block = 0; block < Blocks.Blocks; block++)
            {
                T rows = T.Of((float)Blocks.RowsOf(block));
                for (int k = 0; k < Size; k++)
                {
                    int at = 2 * block * Blocks.Columns + channel * Size + k;
                    T d = T.Load(Partial, at) - mean;
                    squares += T.MulAdd(rows * d, d, T.Load(Partial, at + Blocks.Columns));
                }
            }
            Statistics.Keep(channel, mean, squares / T.Of(n));
        }
    }
}
