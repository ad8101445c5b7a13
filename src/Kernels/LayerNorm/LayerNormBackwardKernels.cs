using System.Runtime.CompilerServices;
using ILGPU;

namespace GpuNets.Kernels;

/// <summary>
/// With h = (x - mean) rstd, dz the gradient of h w + b (that of y under the mask of a rectifier) and g = dz w:
/// dx = rstd (g - mean(g) - h mean(g h)) over each row. One team per row.
/// </summary>
internal struct LayerNormBackward<TAffine, TRectify> : IRowKernel where TAffine : struct, IAffine where TRectify : struct, IRectify
{
    public static bool InFours => true;

    public ArrayView<float> X, Weight, Bias, Mean, InverseDeviation, DY, DX;
    public int Columns, Groups;

    public readonly unsafe void Row<TTeam>(int row) where TTeam : struct, ITeam
    {
        int shared = (row - row / Groups * Groups) * Columns;
        var terms = new Terms
        {
            X = X.Ptr() + row * Columns,
            DY = DY.Ptr() + row * Columns,
            Weight = Weight.Ptr() + shared,
            Bias = Bias.Ptr() + shared,
            Mean = Mean[row],
            Inverse = InverseDeviation[row],
        };
        TTeam.Sums(Columns, terms, out float g, out float gh);
        TTeam.Each(Columns, new Result { Terms = terms, DX = DX.Ptr() + row * Columns, G = g / Columns, GH = gh / Columns });
    }

    private unsafe struct Terms : IElementPair
    {
        public float* X, DY, Weight, Bias;
        public float Mean, Inverse;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void At<T>(int i, out T g, out T gh) where T : struct, ILane<T>
        {
            T h = Normalized<T>(i);
            g = Gradient(i, h);
            gh = g * h;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly T Normalized<T>(int i) where T : struct, ILane<T> => (T.Load(X, i) - T.Of(Mean)) * T.Of(Inverse);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly T Gradient<T>(int i, T h) where T : struct, ILane<T>
        {
            T weight = TAffine.Weight<T>(Weight, i);
            return TRectify.Backward(T.MulAdd(h, weight, TAffine.Bias<T>(Bias, i)), T.Load(DY, i)) * weight;
        }
    }

    private unsafe struct Result : IElementBody
    {
        public Terms Terms;
        public float* DX;
        public float G, GH;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void At<T>(int i) where T : struct, ILane<T>
        {
            T h = Terms.Normalized<T>(i);
            T.Store(DX, i, T.Of(Terms.Inverse) * (Terms.Gradient(i, h) - T.Of(G) - h * T.Of(GH)));
        }
    }
}

/// <summary>
/// First stage of dw = sum dz h and db = sum dz over rows: one team adds a block of samples, row after row, into its own part of
/// <see cref="Partial"/> ([blocks, 2, groups columns]), which stays in cache. Each element has one owner: no barriers, no atomics.
/// </summary>
internal struct LayerNormAffinePartial<TAffine, TRectify> : IRowKernel where TAffine : struct, IAffine where TRectify : struct, IRectify
{
    public static bool InFours => true;

    public ArrayView<float> X, Weight, Bias, Mean, InverseDeviation, DY, Partial;
    public int Samples, Columns, Groups, SamplesPerBlock;

    public readonly void Row<TTeam>(int block) where TTeam : struct, ITeam
    {
        int first = block * SamplesPerBlock, end = first + SamplesPerBlock;
        if (end > Samples) end = Samples;
        for (int sample = first; sample < end; sample++)
            for (int group = 0; group < Groups; group++) Add<TTeam>(block, sample, group, sample == first);
    }

    /// <summary>Adds a row; the first of a block overwrites.</summary>
    public readonly void Add<TTeam>(int block, int sample, int group, bool first) where TTeam : struct, ITeam
    {
        if (first) TTeam.Each(Columns, Of<Write>(block, sample, group));
        else TTeam.Each(Columns, Of<Accumulate>(block, sample, group));
    }

    private readonly unsafe Body<TStore> Of<TStore>(int block, int sample, int group) where TStore : struct, IStore
    {
        int row = sample * Groups + group;
        float* dw = Partial.Ptr() + (2 * block * Groups + group) * Columns;
        return new Body<TStore>
        {
            X = X.Ptr() + row * Columns,
            DY = DY.Ptr() + row * Columns,
            Weight = Weight.Ptr() + group * Columns,
            Bias = Bias.Ptr() + group * Columns,
            Mean = Mean[row],
            Inverse = InverseDeviation[row],
            DW = dw,
            DB = dw + Groups * Columns,
        };
    }

    private unsafe struct Body<TStore> : IElementBody where TStore : struct, IStore
    {
        public float* X, DY, DW, DB, Weight, Bias;
        public float Mean, Inverse;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void At<T>(int i) where T : struct, ILane<T>
        {
            T h = (T.Load(X, i) - T.Of(Mean)) * T.Of(Inverse);
            T dz = TRectify.Backward(T.MulAdd(h, TAffine.Weight<T>(Weight, i), TAffine.Bias<T>(Bias, i)), T.Load(DY, i));
            TStore.To(DW, i, dz * h);
            TStore.To(DB, i, dz);
        }
    }
}

/// <summary>
/// dx and the first stage of dw and db of a block of samples: hosts and PoCL, where a row is still in the first-level cache when it is
/// added. The same bits as both kernels one after the other.
/// </summary>
internal struct LayerNormBackwardBlocks<TAffine, TRectify> : IRowKernel where TAffine : struct, IAffine where TRectify : struct, IRectify
{
    public static bool InFours => true;

    public LayerNormBackward<TAffine, TRectify> Gradient;
    public LayerNormAffinePartial<TAffine, TRectify> Affine;

    public readonly void Row<TTeam>(int block) where TTeam : struct, ITeam
    {
        int first = block * Affine.SamplesPerBlock, end = first + Affine.SamplesPerBlock;
        if (end > Affine.Samples) end = Affine.Samples;
        for (int sample = first; sample < end; sample++)
        {
            for (int group = 0; group < Affine.Groups; group++)
            {
                Gradient.Row<TTeam>(sample * Affine.Groups + group);
                Affine.Add<TTeam>(block, sample, group, sample == first);
            }
        }
    }
}
