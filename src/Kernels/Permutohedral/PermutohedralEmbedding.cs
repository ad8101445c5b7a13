using ILGPU;

namespace GpuNets.Kernels;

/// <summary>
/// Coordinates of positions in the space of the permutohedral lattice (Adams et al. 2010, section 3.1), d + 1 numbers that add up to 0, and
/// the nearest multiple of d + 1 of each, divided by d + 1. The scale makes the splat, blur and slice a Gaussian of deviation 1. An element per
/// coordinate: e[p, i] = sum over k &gt; i of s_k g_k - i s_i g_i with s_k = sqrt(2/3) (d + 1) / sqrt(k (k + 1)) and g_k = f_k + 0.618034 k, features
/// counted from 1.
/// </summary>
/// <remarks>
/// Features are moved by constants because those of pixels form a grid that has points on the borders of simplices: there the last bit
/// would decide which vertices exist, which moves results by a percent.
/// </remarks>
internal struct PermutohedralElevate : IElementKernel
{
    public ArrayView<float> Features, Scales, Elevated, Rounded;
    public PermutohedralSize Size;

    public readonly unsafe void Run<TLoop>(TLoop loop) where TLoop : struct, ILoop =>
        loop.Each(new Body { Features = Features.Ptr(), Scales = Scales.Ptr(), Elevated = Elevated.Ptr(), Rounded = Rounded.Ptr(), Size = Size });

    private unsafe struct Body : IElementBody
    {
        public float* Features, Scales, Elevated, Rounded;
        public PermutohedralSize Size;

        public readonly void At<T>(int i) where T : struct, ILane<T>
        {
            for (int e = i; e < i + T.Count; e++)
            {
                int position = Size.ByCorners.Divide(e), axis = e - position * Size.Corners;
                int sample = Size.ByPositions.Divide(position);
                int at = sample * Size.Dimensions * Size.Positions + position - sample * Size.Positions;
                float sum = 0f;
                for (int k = Size.Dimensions; k > axis; k--) sum += Scaled(k, at);
                if (axis > 0) sum -= axis * Scaled(axis, at);
                Elevated[e] = sum;
                Rounded[e] = Scalar.Floor(new Scalar(sum / Size.Corners + 0.5f)).Value;
            }
        }

        private readonly float Scaled(int k, int at) => (Features[at + (k - 1) * Size.Positions] + 0.618034f * k) * Scales[k - 1];
    }
}

/// <summary>
/// The rank of each coordinate's difference from the rounded point, 0 for the largest, and the rounded point moved to the plane of the
/// lattice: where the rounded coordinates add up to more or less than 0, those of the smallest or largest differences give way.
/// </summary>
internal struct PermutohedralRank : IElementKernel
{
    // First the integers: ILGPU takes this struct for the one of another kernel with the same fields in other nesting, which then fails to compile.
    public ArrayView<int> Rank;
    public ArrayView<float> Elevated, Rounded, Corner;
    public PermutohedralSize Size;

    public readonly unsafe void Run<TLoop>(TLoop loop) where TLoop : struct, ILoop => loop.Each(new Body
    {
        Elevated = Elevated.Ptr(),
        Rounded = Rounded.Ptr(),
        Rank = Rank.Ptr(),
        Corner = Corner.Ptr(),
        Size = Size,
    });

    private unsafe struct Body : IElementBody
    {
        public float* Elevated, Rounded, Corner;
        public int* Rank;
        public PermutohedralSize Size;

        public readonly void At<T>(int i) where T : struct, ILane<T>
        {
            for (int e = i; e < i + T.Count; e++)
            {
                int first = Size.ByCorners.Divide(e) * Size.Corners, rank = 0;
                float own = Elevated[e] - Rounded[e] * Size.Corners, sum = Rounded[e];
                // Of equal differences the first has the lower rank. Whole numbers, not branches: which is larger, no processor can guess.
                for (int k = first; k < e; k++)
                {
                    float other = Elevated[k] - Rounded[k] * Size.Corners;
                    rank += 1 - (own > other ? 1 : 0);
                    sum += Rounded[k];
                }
                for (int k = e + 1; k < first + Size.Corners; k++)
                {
                    float other = Elevated[k] - Rounded[k] * Size.Corners;
                    rank += other > own ? 1 : 0;
                    sum += Rounded[k];
                }
                rank += (int)sum;
                int turn = rank < 0 ? 1 : rank >= Size.Corners ? -1 : 0;
                Rank[e] = rank + turn * Size.Corners;
                Corner[e] = Rounded[e] + turn;
            }
        }
    }
}

/// <summary>
/// The vertices of the simplex around a position: the barycentric weight of the one with remainder r, and its key: the coordinates but the
/// last, which the others give, and the sample.
/// </summary>
internal struct PermutohedralVertices : IElementKernel
{
    public ArrayView<float> Elevated, Corner, Weights;
    public ArrayView<int> Rank, Keys;
    public PermutohedralSize Size;

    public readonly unsafe void Run<TLoop>(TLoop loop) where TLoop : struct, ILoop => loop.Each(new Body
    {
        Elevated = Elevated.Ptr(),
        Rank = Rank.Ptr(),
        Corner = Corner.Ptr(),
        Weights = Weights.Ptr(),
        Keys = Keys.Ptr(),
        Size = Size,
    });

    private unsafe struct Body : IElementBody
    {
        public float* Elevated, Corner, Weights;
        public int* Rank, Keys;
        public PermutohedralSize Size;

        public readonly void At<T>(int i) where T : struct, ILane<T>
        {
            for (int e = i; e < i + T.Count; e++)
            {
                int position = Size.ByCorners.Divide(e), first = position * Size.Corners, remainder = e - first;
                int last = Size.Dimensions - remainder;   // ranks up to here are moved by the remainder, those above also a whole period back
                int take = remainder == 0 ? 0 : last + 1;
                float weight = remainder == 0 ? 1f : 0f;
                for (int k = 0; k < Size.Corners; k++)
                {
                    int rank = Rank[first + k];
                    float corner = Corner[first + k], part = Elevated[first + k] / Size.Corners - corner;
                    weight += rank == last ? part : 0f;
                    weight -= rank == take ? part : 0f;
                    if (k < Size.Dimensions) Keys[e * Size.Corners + k] = (int)corner * Size.Corners + remainder - (rank > last ? Size.Corners : 0);
                }
                Keys[e * Size.Corners + Size.Dimensions] = Size.ByPositions.Divide(position);
                Weights[e] = weight;
            }
        }
    }
}
