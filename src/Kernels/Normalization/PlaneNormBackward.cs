using System.Runtime.CompilerServices;
using ILGPU;

namespace GpuNets.Kernels;

/// <summary>
/// Sums that the gradient of a normalisation needs. With h = (x - mean) rstd and dz the gradient of z = h w + b, which is that of y under
/// the mask of a rectifier: of each slot sum(dz), sum(dz h), and both times w; of each set the sums of the latter two.
/// </summary>
internal struct PlaneSums<TRectify> where TRectify : struct, IRectify
{
    public ArrayView<float> X, DY, Mean, Inverse;

    /// <summary>[4, slots]: sum(dz h), sum(dz), w sum(dz h), w sum(dz).</summary>
    public ArrayView<float> Slots;

    /// <summary>[4, sets]: sum(dz h), sum(dz), mean(dz w h), mean(dz w).</summary>
    public ArrayView<float> Totals;

    public ChannelAffine Affine;
    public PlaneSets Sets;

    /// <summary>Fills the slot of one piece.</summary>
    public readonly unsafe void Piece<TTeam>(int plane, int piece) where TTeam : struct, ITeam
    {
        int set = Sets.SetOf(plane), channel = Sets.Channel(plane), start = plane * Sets.Size + piece * Sets.PieceSize;
        float inverse = Inverse[set], weight = Affine.WeightOf(channel);
        TTeam.Sums(Sets.PieceLength(piece), new Products
        {
            X = X.Ptr() + start,
            DY = DY.Ptr() + start,
            Mean = Mean[set],
            Scale = inverse * weight,
            Bias = Affine.BiasOf(channel),
        }, out float product, out float sum);
        if (TTeam.Rank != 0) return;
        product *= inverse;
        float* slot = Slots.Ptr() + Sets.Slot(plane, piece);
        slot[0] = product;
        slot[Sets.Slots] = sum;
        slot[2 * Sets.Slots] = product * weight;
        slot[3 * Sets.Slots] = sum * weight;
    }

    /// <summary>Adds up the slots of a set.</summary>
    public readonly unsafe void Join<TTeam>(int set) where TTeam : struct, ITeam
    {
        for (int kind = 0; kind < 4; kind++)
        {
            float sum = 0f;
            for (int run = 0; run < Sets.SlotRuns; run++)
                sum += TTeam.Sum(Sets.SlotRun, new RowValues { X = Slots.Ptr() + (kind * Sets.Slots + Sets.RunStart(set, run)) });
            if (TTeam.Rank == 0) Totals[kind * Sets.Sets + set] = kind < 2 ? sum : sum / Sets.SetSize;
        }
    }

    private unsafe struct Products : IElementPair
    {
        public float* X, DY;
        public float Mean, Scale, Bias;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void At<T>(int i, out T product, out T sum) where T : struct, ILane<T>
        {
            T d = T.Load(X, i) - T.Of(Mean);
            sum = TRectify.Backward(T.MulAdd(d, T.Of(Scale), T.Of(Bias)), T.Load(DY, i));
            product = sum * d;
        }
    }
}

/// <summary>Slots of all pieces: one team per piece.</summary>
internal struct PieceSums<TRectify> : IRowKernel where TRectify : struct, IRectify
{
    public static bool InFours => true;

    public PlaneSums<TRectify> Sums;

    public readonly void Row<TTeam>(int row) where TTeam : struct, ITeam
    {
        int plane = row / Sums.Sets.Pieces;
        Sums.Piece<TTeam>(plane, row - plane * Sums.Sets.Pieces);
    }
}

/// <summary>Sums of each set: one team per set.</summary>
internal struct SetSums : IRowKernel
{
    public PlaneSums<NoRectifier> Sums;

    public readonly void Row<TTeam>(int set) where TTeam : struct, ITeam => Sums.Join<TTeam>(set);
}

/// <summary>dx = rstd (dz w - mean(dz w) - h mean(dz w h)), plane by plane; dx = rstd dz w where the statistics are given numbers.</summary>
internal struct PlaneGradient<TRectify> : IRowElementKernel where TRectify : struct, IRectify
{
    public static bool InFours => true;

    public ArrayView<float> X, DY, DX, Mean, Inverse, Totals;
    public ChannelAffine Affine;
    public PlaneSets Sets;

    /// <summary>0 where mean and variance do not depend on x.</summary>
    public int OfStatistics;

    public readonly unsafe void Run<TLoop>(int plane, TLoop loop) where TLoop : struct, ILoop => loop.Each(Body(plane));

    public readonly unsafe GradientBody<TRectify> Body(int plane)
    {
        int set = Sets.SetOf(plane), channel = Sets.Channel(plane), start = plane * Sets.Size;
        float inverse = Inverse[set];
        return new GradientBody<TRectify>
        {
            X = X.Ptr() + start,
            DY = DY.Ptr() + start,
            DX = DX.Ptr() + start,
            Mean = Mean[set],
            Scale = inverse * Affine.WeightOf(channel),
            Bias = Affine.BiasOf(channel),
            Common = OfStatistics == 0 ? 0f : inverse * Totals[3 * Sets.Sets + set],
            Slope = OfStatistics == 0 ? 0f : inverse * inverse * Totals[2 * Sets.Sets + set],
        };
    }
}

internal unsafe struct GradientBody<TRectify> : IElementBody where TRectify : struct, IRectify
{
    public float* X, DY, DX;
    public float Mean, Scale, Bias, Common, Slope;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void At<T>(int i) where T : struct, ILane<T>
    {
        T d = T.Load(X, i) - T.Of(Mean);
        T dz = TRectify.Backward(T.MulAdd(d, T.Of(Scale), T.Of(Bias)), T.Load(DY, i));
        T.Store(DX, i, dz * T.Of(Scale) - T.Of(Common) - d * T.Of(Slope));
    }
}

/// <summary>Sums and gradient of one set by one team, as <see cref="PlaneNormForward{TRectify}"/> does it.</summary>
internal struct PlaneNormBackward<TRectify> : IRowKernel where TRectify : struct, IRectify
{
    public PlaneSums<TRectify> Sums;
    public PlaneGradient<TRectify> Gradient;

    public readonly void Row<TTeam>(int set) where TTeam : struct, ITeam
    {
        int planes = Sums.Sets.PlanesPerSet;
        for (int k = 0; k < planes; k++)
            for (int piece = 0; piece < Sums.Sets.Pieces; piece++) Sums.Piece<TTeam>(Sums.Sets.Plane(set, k), piece);
        TTeam.Barrier();
        Sums.Join<TTeam>(set);
        TTeam.Barrier();
        for (int k = planes - 1; k >= 0; k--) TTeam.Each(Sums.Sets.Size, Gradient.Body(Sums.Sets.Plane(set, k)));
    }
}
