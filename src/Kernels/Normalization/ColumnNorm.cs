using ILGPU;

namespace GpuNets.Kernels;

/// <summary>y = f((x - mean) scale + bias) with numbers of their own for each column, row by row.</summary>
internal struct ColumnNormalize<TRectify> : IRowElementKernel where TRectify : struct, IRectify
{
    public static bool InFours => true;

    public ArrayView<float> X, Y;

    /// <summary>[3, columns]: mean, scale, bias.</summary>
    public ArrayView<float> Numbers;

    public int Columns;

    public readonly unsafe void Run<TLoop>(int row, TLoop loop) where TLoop : struct, ILoop => loop.Each(new Body
    {
        X = X.Ptr() + row * Columns,
        Y = Y.Ptr() + row * Columns,
        Numbers = Numbers.Ptr(),
        Columns = Columns,
    });

    private unsafe struct Body : IElementBody
    {
        public float* X, Y, Numbers;
        public int Columns;

        public readonly void At<T>(int i) where T : struct, ILane<T>
        {
            T d = T.Load(X, i) - T.Load(Numbers, i);
            T.Store(Y, i, TRectify.Forward(T.MulAdd(d, T.Load(Numbers, Columns + i), T.Load(Numbers, 2 * Columns + i))));
        }
    }
}

/// <summary>First stage of the sums that the gradient needs: of each block of rows sum(dz (x - mean)) and sum(dz), [blocks, 2, columns].</summary>
internal struct ColumnSums<TRectify> : IRowKernel where TRectify : struct, IRectify
{
    public ArrayView<float> X, DY, Numbers, Partial;
    public ColumnBlocks Blocks;

    public readonly void Row<TTeam>(int index) where TTeam : struct, ITeam
    {
        int block = index / Blocks.Tiles, tile = index - block * Blocks.Tiles;
        int rows = Blocks.RowsOf(block), columns = Blocks.ColumnsOf(tile);
        TTeam.Each(columns, Row<Write>(block, 0, tile));
        for (int r = 1; r < rows; r++) TTeam.Each(columns, Row<Accumulate>(block, r, tile));
    }

    private readonly unsafe Body<TStore> Row<TStore>(int block, int row, int tile) where TStore : struct, IStore
    {
        int column = tile * Blocks.Width, start = (Blocks.FirstRow(block) + row) * Blocks.Columns + column;
        return new Body<TStore>
        {
            X = X.Ptr() + start,
            DY = DY.Ptr() + start,
            Numbers = Numbers.Ptr() + column,
            Sums = Partial.Ptr() + (2 * block * Blocks.Columns + column),
            Columns = Blocks.Columns,
        };
    }

    private unsafe struct Body<TStore> : IElementBody where TStore : struct, IStore
    {
        public float* X, DY, Numbers, Sums;
        public int Columns;

        public readonly void At<T>(int i) where T : struct, ILane<T>
        {
            T d = T.Load(X, i) - T.Load(Numbers, i);
            T z = T.MulAdd(d, T.Load(Numbers, Columns + i), T.Load(Numbers, 2 * Columns + i));
            T dz = TRectify.Backward(z, T.Load(DY, i));
            TStore.To(Sums, i, dz * d);
            TStore.To(Sums, Columns + i, dz);
        }
    }
}

/// <summary>
/// Second stage: sums of blocks and of the neighbouring columns of a channel, [4, channels]: sum(dz h), sum(dz), and what the gradient
/// takes away, rstd mean(dz w) and rstd^2 mean(dz w h).
/// </summary>
internal struct ChannelSums : IElementKernel
{
    public ArrayView<float> Partial, Inverse, Totals;
    public ChannelAffine Affine;
    public ColumnBlocks Blocks;
    public int Size;

    public readonly unsafe void Run<TLoop>(TLoop loop) where TLoop : struct, ILoop => loop.Each(new Body
    {
        Partial = Partial.Ptr(),
        Inverse = Inverse.Ptr(),
        Weight = Affine.Weight.Ptr(),
        HasWeight = Affine.HasWeight,
        Totals = Totals.Ptr(),
        Blocks = Blocks,
        Size = Size,
    });

    private unsafe struct Body : IElementBody
    {
        public float* Partial, Inverse, Weight, Totals;
        public ColumnBlocks Blocks;
        public int Size, HasWeight;

        public readonly void At<T>(int i) where T : struct, ILane<T>
        {
            if (Size == 1) Join<T>(i);
            else for (int channel = i; channel < i + T.Count; channel++) Join<Scalar>(channel);
        }

        private readonly void Join<T>(int channel) where T : struct, ILane<T>
        {
            T product = T.Of(0f), sum = product;
            for (int block = 0; block < Blocks.Blocks; block++)
            {
                for (int k = 0; k < Size; k++)
                {
                    int at = 2 * block * Blocks.Columns + channel * Size + k;
                    product += T.Load(Partial, at);
                    sum += T.Load(Partial, at + Blocks.Columns);
                }
            }
            T inverse = T.Load(Inverse, channel);
            T scale = HasWeight == 0 ? inverse : inverse * T.Load(Weight, channel);
            int channels = Blocks.Columns / Size;
            float n = (float)Blocks.Rows * Size;
            product *= inverse;
            T.Store(Totals, channel, product);
            T.Store(Totals, channels + channel, sum);
            T.Store(Totals, 2 * channels + channel, scale * sum / T.Of(n));
            T.Store(Totals, 3 * channels + channel, scale * inverse * product / T.Of(n));
        }
    }
}

/// <summary>dx = dz scale - common - (x - mean) slope with numbers of their own for each column, row by row.</summary>
internal struct ColumnGradient<TRectify> : IRowElementKernel where TRectify : struct, IRectify
{
    public static bool InFours => true;

    public ArrayView<float> X, DY, DX;

    /// <summary>[3, columns]: mean, scale, bias; and [2, columns]: common, slope.</summary>
    public ArrayView<float> Numbers, Less;

    public int Columns;

    /// <summary>0 where mean and variance do not depend on x.</summary>
    public int OfStatistics;

    public readonly unsafe void Run<TLoop>(int row, TLoop loop) where TLoop : struct, ILoop => loop.Each(new Body
    {
        X = X.Ptr() + row * Columns,
        DY = DY.Ptr() + row * Columns,
        DX = DX.Ptr() + row * Columns,
        Numbers = Numbers.Ptr(),
        Less = Less.Ptr(),
        Columns = Columns,
        OfStatistics = OfStatistics,
    });

    private unsafe struct Body : IElementBody
    {
        public float* X, DY, DX, Numbers, Less;
        public int Columns, OfStatistics;

        public readonly void At<T>(int i) where T : struct, ILane<T>
        {
            T d = T.Load(X, i) - T.Load(Numbers, i), scale = T.Load(Numbers, Columns + i);
            T dx = TRectify.Backward(T.MulAdd(d, scale, T.Load(Numbers, 2 * Columns + i)), T.Load(DY, i)) * scale;
            if (OfStatistics != 0) dx = dx - T.Load(Less, i) - d * T.Load(Less, Columns + i);
            T.Store(DX, i, dx);
        }
    }
}

/// <summary>[3, channels]: mean, rstd w, bias of channels.</summary>
internal struct ChannelNumbers : IElementKernel
{
    public ArrayView<float> Mean, Inverse, Numbers;
    public ChannelAffine Affine;
    public int Channels;

    public readonly unsafe void Run<TLoop>(TLoop loop) where TLoop : struct, ILoop => loop.Each(new Body
    {
        Mean = Mean.Ptr(),
        Inverse = Inverse.Ptr(),
        Numbers = Numbers.Ptr(),
        Weight = Affine.Weight.Ptr(),
        Bias = Affine.Bias.Ptr(),
        HasWeight = Affine.HasWeight,
        HasBias = Affine.HasBias,
        Channels = Channels,
    });

    private unsafe struct Body : IElementBody
    {
        public float* Mean, Inverse, Numbers, Weight, Bias;
        public int Channels, HasWeight, HasBias;

        public readonly void At<T>(int i) where T : struct, ILane<T>
        {
            T scale = T.Load(Inverse, i);
            if (HasWeight != 0) scale *= T.Load(Weight, i);
            T.Store(Numbers, i, T.Load(Mean, i));
            T.Store(Numbers, Channels + i, scale);
            T.Store(Numbers, 2 * Channels + i, HasBias == 0 ? T.Of(0f) : T.Load(Bias, i));
        }
    }
}
