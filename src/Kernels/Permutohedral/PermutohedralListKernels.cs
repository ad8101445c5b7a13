using ILGPU;

namespace GpuNets.Kernels;

/// <summary>
/// The lists of a filter that do not depend on the vertices: the position of each sorted entry, where the entries of each position start, and
/// the numbers of all entries. One element more than entries, which ends the last position.
/// </summary>
internal struct PermutohedralLists : IElementKernel
{
    public ArrayView<int> Sorted, Positions, Starts, Numbers;
    public PermutohedralSize Size;

    public readonly unsafe void Run<TLoop>(TLoop loop) where TLoop : struct, ILoop => loop.Each(new Body
    {
        Sorted = Sorted.Ptr(),
        Positions = Positions.Ptr(),
        Starts = Starts.Ptr(),
        Numbers = Numbers.Ptr(),
        Size = Size,
    });

    private unsafe struct Body : IElementBody
    {
        public int* Sorted, Positions, Starts, Numbers;
        public PermutohedralSize Size;

        public readonly void At<T>(int i) where T : struct, ILane<T>
        {
            for (int e = i; e < i + T.Count; e++)
            {
                int position = Size.ByCorners.Divide(e);
                if (position * Size.Corners == e) Starts[position] = e;
                if (e >= Size.Entries) continue;
                Numbers[e] = e;
                Positions[e] = Size.ByCorners.Divide(Sorted[e]);
            }
        }
    }
}

/// <summary>
/// Weights of splat and slice: barycentric weights w, the gain g of the lattice on one side, and powers of the norm n = g K 1 of the position:
/// n^-1 on one side, or n^(-1/2) on both.
/// </summary>
internal struct PermutohedralWeights : IElementKernel
{
    public ArrayView<float> Weights, Norms, Splat, Slice;
    public float Gain;

    /// <summary>1 where a side is divided by the norm, or by its square root where both are.</summary>
    public int BySplat, BySlice;

    /// <summary>Divides by the number of entries of a position.</summary>
    public StridedAxis ByCorners;

    public readonly unsafe void Run<TLoop>(TLoop loop) where TLoop : struct, ILoop => loop.Each(new Body
    {
        Weights = Weights.Ptr(),
        Norms = Norms.Ptr(),
        Splat = Splat.Ptr(),
        Slice = Slice.Ptr(),
        Gain = Gain,
        BySplat = BySplat,
        BySlice = BySlice,
        ByCorners = ByCorners,
    });

    private unsafe struct Body : IElementBody
    {
        public float* Weights, Norms, Splat, Slice;
        public float Gain;
        public int BySplat, BySlice;
        public StridedAxis ByCorners;

        public readonly void At<T>(int i) where T : struct, ILane<T>
        {
            for (int e = i; e < i + T.Count; e++)
            {
                float weight = Weights[e], norm = Gain * Norms[ByCorners.Divide(e)] + 1e-20f;
                if (BySplat + BySlice == 2) norm = Scalar.Sqrt(new Scalar(norm)).Value;
                float divided = weight / norm;
                float splat = BySplat == 0 ? weight : divided, slice = BySlice == 0 ? weight : divided;
                Splat[e] = splat;
                Slice[e] = slice * Gain;
            }
        }
    }
}
