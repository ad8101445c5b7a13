using ILGPU;

namespace GpuNets.Kernels;

/// <summary>y = f((x - mean) scale + bias) over one plane or a part of it; f is the identity or max(z, 0).</summary>
internal unsafe struct NormalizeBody<TRectify> : IElementBody where TRectify : struct, IRectify
{
    public float* X, Y;
    public float Mean, Scale, Bias;

    public readonly void At<T>(int i) where T : struct, ILane<T> =>
        T.Store(Y, i, TRectify.Forward(T.MulAdd(T.Load(X, i) - T.Of(Mean), T.Of(Scale), T.Of(Bias))));
}

/// <summary>
/// Normalises with given statistics, plane by plane: inference of a batch norm, and the second half of training on devices with many teams.
/// </summary>
internal struct PlaneNormalize<TRectify> : IRowElementKernel where TRectify : struct, IRectify
{
    public static bool InFours => true;

    public ArrayView<float> X, Y, Mean, Inverse;
    public ChannelAffine Affine;
    public PlaneSets Sets;

    public readonly unsafe void Run<TLoop>(int plane, TLoop loop) where TLoop : struct, ILoop => loop.Each(Body(plane));

    public readonly unsafe NormalizeBody<TRectify> Body(int plane)
    {
        int set = Sets.SetOf(plane), channel = Sets.Channel(plane), start = plane * Sets.Size;
        return new NormalizeBody<TRectify>
        {
            X = X.Ptr() + start,
            Y = Y.Ptr() + start,
            Mean = Mean[set],
            Scale = Inverse[set] * Affine.WeightOf(channel),
            Bias = Affine.BiasOf(channel),
        };
    }
}

/// <summary>
/// Statistics and normalisation of one set by one team: hosts and PoCL, where the set is still in the core's second-level cache when it
/// is normalised. The same sums in the same order as <see cref="PieceMoments"/>, <see cref="SetMoments"/> and
/// <see cref="PlaneNormalize{TRectify}"/> one after the other, and so the same bits.
/// </summary>
internal struct PlaneNormForward<TRectify> : IRowKernel where TRectify : struct, IRectify
{
    public PlaneMoments Moments;
    public SetStatistics Statistics;
    public PlaneNormalize<TRectify> Normalize;

    public readonly void Row<TTeam>(int set) where TTeam : struct, ITeam
    {
        int planes = Moments.Sets.PlanesPerSet;
        for (int k = 0; k < planes; k++)
            for (int piece = 0; piece < Moments.Sets.Pieces; piece++) Moments.Piece<TTeam>(Moments.Sets.Plane(set, k), piece);
        TTeam.Barrier();
        Moments.Join<TTeam>(set, out float mean, out float variance);
        Statistics.Keep<TTeam>(set, mean, variance);
        TTeam.Barrier();
        // Backwards: what was read last is nearest.
        for (int k = planes - 1; k >= 0; k--) TTeam.Each(Moments.Sets.Size, Normalize.Body(Moments.Sets.Plane(set, k)));
    }
}
