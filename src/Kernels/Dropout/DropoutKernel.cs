using ILGPU;

namespace GpuNets.Kernels;

/// <summary>
/// y[i] = x[i] / (1 - p) where the random number of element i is at least p, else 0. The number depends on (seed, stream, i) alone, so
/// that the gradient runs the same kernel on dy and no mask is stored.
/// </summary>
internal struct Dropout : IElementKernel
{
    public static bool InFours => true;

    public ArrayView<float> X, Y;
    public RandomKey Random;
    public float Probability, Scale;

    public static void Launch(DeviceBuffer x, DeviceBuffer y, Philox random, float probability) => y.Device.ForEach(new Dropout
    {
        X = x.Floats,
        Y = y.Floats,
        Random = RandomKey.Of(y.Device, random),
        Probability = probability,
        Scale = 1f / (1f - probability),
    }, y.Length, 10f);

    public readonly unsafe void Run<TLoop>(TLoop loop) where TLoop : struct, ILoop => loop.Each(new Body
    {
        X = X.Ptr(),
        Y = Y.Ptr(),
        Random = Random.Name,
        Probability = Probability,
        Scale = Scale,
    });

    private unsafe struct Body : IElementBody
    {
        public float* X, Y;
        public RandomName Random;
        public float Probability, Scale;

        public readonly void At<T>(int i) where T : struct, ILane<T> => T.Store(Y, i, T.IfGreater(
            T.Of(Probability), T.Uniform(Random.SeedLow, Random.SeedHigh, Random.Stream, i), T.Of(0f), T.Load(X, i) * T.Of(Scale)));
    }
}
