using ILGPU;

namespace GpuNets.Kernels;

/// <summary>y[i] = low + (high - low) u(i), u being the Philox sequence (seed, stream): the same bits on every device and on the host.</summary>
internal struct RandomUniform : IElementKernel
{
    public static bool InFours => true;

    public ArrayView<float> Y;
    public RandomKey Random;
    public float Low, Range;

    public static void Launch(DeviceBuffer y, Philox random, float low, float high) => y.Device.ForEach(
        new RandomUniform
        {
            Y = y.Floats,
            Random = RandomKey.Of(y.Device, random),
            Low = low,
            Range = high - low,
        },
        y.Length, 10f);

    public readonly unsafe void Run<TLoop>(TLoop loop) where TLoop : struct, ILoop => loop.Each(new Body
    {
        Y = Y.Ptr(),
        Random = Random.Name,
        Low = Low,
        Range = Range,
    });

    private unsafe struct Body : IElementBody
    {
        public float* Y;
        public RandomName Random;
        public float Low, Range;

        // Fused explicitly, so that no compiler chooses.
        public readonly void At<T>(int i) where T : struct, ILane<T> =>
            T.Store(Y, i, T.MulAdd(T.Uniform(Random.SeedLow, Random.SeedHigh, Random.Stream, i), T.Of(Range), T.Of(Low)));
    }
}

/// <summary>
/// y[i] = mean + deviation sqrt(-2 ln(1 - u)) cos(2 pi v) (Box-Muller), u and v being two Philox sequences. Up to rounding the same on every
/// device; u has 24 bits, so that no value is further than 5.8 deviations out.
/// </summary>
internal struct RandomNormal : IElementKernel
{
    public static bool InFours => true;

    public ArrayView<float> Y;
    public RandomKey Radius, Angle;
    public float Mean, Deviation;

    public static void Launch(DeviceBuffer y, Philox random, float mean, float deviation)
    {
        Philox radius = random.Fork("radius"), angle = random.Fork("angle");
        y.Device.ForEach(
            new RandomNormal
            {
                Y = y.Floats,
                Mean = mean,
                Deviation = deviation,
                Radius = RandomKey.Of(y.Device, radius),
                Angle = RandomKey.Of(y.Device, angle),
            },
            y.Length, 20f);
    }

    public readonly unsafe void Run<TLoop>(TLoop loop) where TLoop : struct, ILoop => loop.Each(new Body
    {
        Y = Y.Ptr(),
        Radius = Radius.Name,
        Angle = Angle.Name,
        Mean = Mean,
        Deviation = Deviation,
    });

    private unsafe struct Body : IElementBody
    {
        public float* Y;
        public RandomName Radius, Angle;
        public float Mean, Deviation;

        public readonly void At<T>(int i) where T : struct, ILane<T>
        {
            T u = T.Uniform(Radius.SeedLow, Radius.SeedHigh, Radius.Stream, i);
            T v = T.Uniform(Angle.SeedLow, Angle.SeedHigh, Angle.Stream, i);
            T distance = T.Sqrt(LaneMath.Log(T.Of(1f) - u) * T.Of(-2f));
            T.Store(Y, i, T.MulAdd(distance * LaneMath.CosTurns(v), T.Of(Deviation), T.Of(Mean)));
        }
    }
}
