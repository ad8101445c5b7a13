using ILGPU;

namespace GpuNets.Kernels;

/// <summary>
/// Batch norm of short planes on the host: statistics and normalisation of a few neighbouring channels by one thread. The mean is
/// corrected by the sum of differences from it, which is 0 but for rounding.
/// </summary>
internal struct HostBatchNorm<TRectify> : IHostRows where TRectify : struct, IRectify
{
    public ArrayView<float> X, Y;
    public SetStatistics Statistics;
    public ChannelAffine Affine;
    public int Samples, Channels, Size;

    public readonly unsafe void Rows<TLanes, T>(int start, int end) where TLanes : struct, IHostTileLanes<T> where T : struct, ILane<T>
    {
        const int block = HostChannels<TLanes, T>.Block;
        float* mean = stackalloc float[3 * block], sum = mean + block, square = sum + block;
        int count = Samples * Size;
        for (int first = start * block; first < Math.Min(end * block, Channels); first += block)
        {
            var planes = new HostPlanes(Samples, Math.Min(block, Channels - first), Size, Channels * Size);
            float* x = X.Ptr() + first * Size, y = Y.Ptr() + first * Size;
            new Span<float>(mean, block).Clear();
            HostChannels<TLanes, T>.Moments(x, planes, mean, sum, square);
            for (int c = 0; c < planes.Channels; c++) mean[c] = sum[c] / count;
            HostChannels<TLanes, T>.Moments(x, planes, mean, sum, square);
            for (int c = 0; c < planes.Channels; c++)
            {
                float rest = sum[c] / count;
                mean[c] += rest;
                float inverse = Statistics.Keep(first + c, new Scalar(mean[c]), new Scalar(square[c] / count - rest * rest)).Value;
                (sum[c], square[c]) = (inverse * Affine.WeightOf(first + c), Affine.BiasOf(first + c));
            }
            HostChannels<TLanes, T>.Normalize<TRectify>(x, y, planes, mean, sum, square);
        }
    }
}

/// <summary>Its gradient: totals [4, channels] as <see cref="PlaneSums{TRectify}.Totals"/>, and dx.</summary>
internal struct HostBatchNormGradient<TRectify> : IHostRows where TRectify : struct, IRectify
{
    public ArrayView<float> X, DY, DX, Mean, Inverse, Totals;
    public ChannelAffine Affine;
    public int Samples, Channels, Size;

    /// <summary>0 where mean and variance do not depend on x.</summary>
    public int OfStatistics;

    public readonly unsafe void Rows<TLanes, T>(int start, int end) where TLanes : struct, IHostTileLanes<T> where T : struct, ILane<T>
    {
        const int block = HostChannels<TLanes, T>.Block;
        float* scale = stackalloc float[4 * block], bias = scale + block, slope = bias + block, common = slope + block;
        float* mean = Mean.Ptr(), totals = Totals.Ptr();
        int count = Samples * Size;
        for (int first = start * block; first < Math.Min(end * block, Channels); first += block)
        {
            var planes = new HostPlanes(Samples, Math.Min(block, Channels - first), Size, Channels * Size);
            for (int c = 0; c < planes.Channels; c++)
                (scale[c], bias[c]) = (Inverse[first + c] * Affine.WeightOf(first + c), Affine.BiasOf(first + c));
            float* x = X.Ptr() + first * Size, dy = DY.Ptr() + first * Size, dx = DX.Ptr() + first * Size;
            HostChannels<TLanes, T>.Products<TRectify>(x, dy, planes, mean + first, scale, bias, slope, common);
            for (int c = 0; c < planes.Channels; c++)
            {
                float inverse = Inverse[first + c], weight = Affine.WeightOf(first + c), product = slope[c] * inverse, sum = common[c];
                float* total = totals + first + c;
                (total[0], total[Channels]) = (product, sum);
                (total[2 * Channels], total[3 * Channels]) = (product * weight / count, sum * weight / count);
                slope[c] = OfStatistics == 0 ? 0f : inverse * inverse * total[2 * Channels];
                common[c] = OfStatistics == 0 ? 0f : inverse * total[3 * Channels];
            }
            HostChannels<TLanes, T>.Gradient<TRectify>(x, dy, dx, planes, mean + first, scale, bias, slope, common);
        }
    }
}
