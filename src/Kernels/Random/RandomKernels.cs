using ILGPU;

namespace GpuNets.Kernels;

/// <summary>y[i] = low + (high - low) u(i), u being the Philox sequence (seed, stream): the same bits on every device and on the host.</summary>
internal struct RandomUniform : IElementKernel
{
    public static bool InFours => true;

    public ArrayView<float> Y;
    public uint SeedLow, SeedHigh, Stream;
    public float Low, Range;

    public static void Launch(DeviceBuffer y, Philox random, float low, float high) => y.Device.ForEach(
        new RandomUniform
        {
            Y = y.Floats,
            SeedLow = (uint)random.Seed,
            SeedHigh = (uint)(random.Seed >> 32),
            Stream = random.Stream,
            Low = low,
            Range = high - low,
        },
        y.Length, 10f);

    public readonly unsafe void Run<TLoop>(TLoop loop) where TLoop : struct, ILoop => loop.Each(new Body
    {
        Y = Y.Ptr(),
        SeedLow = SeedLow,
        SeedHigh = SeedHigh,
        Stream = Stream,
        Low = Low,
        Range = Range,
    });

    private unsafe struct Body : IElementBody
    {
        public float* Y;
        public uint SeedLow, SeedHigh, Stream;
        public float Low, Range;

        // Fused explicitly, so that no compiler chooses.
        public readonly void At<T>(int i) where T : struct, ILane<T> =>
            T.Store(Y, i, T.MulAdd(T.Uniform(SeedLow, SeedHigh, Stream, i), T.Of(Range), T.Of(Low)));
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
    public uint RadiusLow, RadiusHigh, RadiusStream, AngleLow, AngleHigh, AngleStream;
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
                RadiusLow = (uint)radius.Seed,
                RadiusHigh = (uint)(radius.Seed >> 32),
                RadiusStream = radius.Stream,
                AngleLow = (uint)angle.Seed,
                AngleHigh = (uint)(angle.Seed >> 32),
                AngleStream = angle.Stream,
            },
            y.Length, 20f);
    }

    public readonly unsafe void Run<TLoop>(TLoop loop) where TLoop : struct, ILoop => loop.Each(new Body { Y = Y.Ptr(), Arguments = this });

    private unsafe struct Body : IElementBody
    {
        public float* Y;
        public RandomNormal Arguments;

        public readonly void At<T>(int i) where T : struct, ILane<T>
        {
            T u = T.Uniform(Arguments.RadiusLow, Arguments.RadiusHigh, Arguments.RadiusStream, i);
            T v = T.Uniform(Arguments.AngleLow, Arguments.AngleHigh, Arguments.AngleStream, i);
            T radius = T.Sqrt(LaneMath.Log(T.Of(1f) - u) * T.Of(-2f));
            T.Store(Y, i, T.MulAdd(radius * LaneMath.CosTurns(v), T.Of(Arguments.Deviation), T.Of(Arguments.Mean)));
        }
    }
}
