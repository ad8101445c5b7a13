using ILGPU;

namespace GpuNets.Kernels;

/// <summary>rstd = 1 / sqrt(variance + epsilon), of running variances.</summary>
internal struct InverseDeviation : IElementKernel
{
    public ArrayView<float> Variance, Inverse;
    public float Epsilon;

    public readonly unsafe void Run<TLoop>(TLoop loop) where TLoop : struct, ILoop =>
        loop.Each(new Body { Variance = Variance.Ptr(), Inverse = Inverse.Ptr(), Epsilon = Epsilon });

    private unsafe struct Body : IElementBody
    {
        public float* Variance, Inverse;
        public float Epsilon;

        public readonly void At<T>(int i) where T : struct, ILane<T> =>
            T.Store(Inverse, i, SetStatistics.InverseOf(T.Load(Variance, i), Epsilon));
    }
}
