using ILGPU;

namespace GpuNets.Kernels;

/// <summary>total[c] = (or +=) sum over blocks of partial[block, c]: the last stage of the gradients of weights and biases.</summary>
internal struct SumBlocks<TStore> : IElementKernel where TStore : struct, IStore
{
    public static bool InFours => true;

    public ArrayView<float> Partial, Total;

    /// <summary>First element of a block, distance of two blocks, number of blocks.</summary>
    public int Offset, Pitch, Blocks;

    public readonly unsafe void Run<TLoop>(TLoop loop) where TLoop : struct, ILoop =>
        loop.Each(new Body { Partial = Partial.Ptr() + Offset, Total = Total.Ptr(), Pitch = Pitch, Blocks = Blocks });

    private unsafe struct Body : IElementBody
    {
        public float* Partial, Total;
        public int Pitch, Blocks;

        public readonly void At<T>(int i) where T : struct, ILane<T>
        {
            T sum = T.Load(Partial, i);
            for (int block = 1; block < Blocks; block++) sum += T.Load(Partial, block * Pitch + i);
            TStore.To(Total, i, sum);
        }
    }
}

/// <summary>Launches <see cref="SumBlocks{TStore}"/>.</summary>
internal static class BlockSums
{
    /// <summary>total = (or +=) the sum of so many blocks, the first at an offset, each a pitch behind the one before.</summary>
    public static void Launch(DeviceBuffer partial, int offset, int pitch, int blocks, DeviceBuffer total, bool accumulate)
    {
        if (accumulate)
            total.Device.ForEach(new SumBlocks<Accumulate> { Partial = partial.Floats, Total = total.Floats, Offset = offset, Pitch = pitch, Blocks = blocks }, total.Length, 0.3f * blocks);
        else
            total.Device.ForEach(new SumBlocks<Write> { Partial = partial.Floats, Total = total.Floats, Offset = offset, Pitch = pitch, Blocks = blocks }, total.Length, 0.3f * blocks);
    }
}
