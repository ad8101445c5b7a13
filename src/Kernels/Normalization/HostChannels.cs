using System.Runtime.CompilerServices;

namespace GpuNets.Kernels;

/// <summary>
/// Sums over the planes of neighbouring channels on the host, for planes of a few registers. Planes of one channel lie a multiple of some
/// kilobytes apart, where they crowd each other out of the cache; those of a few channels of one sample are one piece of memory.
/// </summary>
internal static unsafe class HostChannels<TLanes, T> where TLanes : struct, IHostTileLanes<T> where T : struct, ILane<T>
{
    /// <summary>Channels that are worked on together.</summary>
    public const int Block = 8;

    private const MethodImplOptions LoopRoot = MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining;

    /// <summary>sums, squares [channels] = the sums of d and d^2 with d = x - mean.</summary>
    [MethodImpl(LoopRoot)]
    public static void Moments(float* x, in HostPlanes planes, float* mean, float* sums, float* squares)
    {
        float* a = stackalloc float[2 * Block * 16], b = a + Block * 16;
        new Span<float>(a, 2 * Block * 16).Clear();
        int whole = planes.Size - planes.Size % T.Count;
        T mask = TLanes.Mask(planes.Size - whole);
        for (int sample = 0; sample < planes.Samples; sample++)
        {
            float* plane = x + sample * planes.Step;
            for (int c = 0; c < planes.Channels; c++, plane += planes.Size)
            {
                T means = T.Of(mean[c]), sum = T.Load(a, c * T.Count), square = T.Load(b, c * T.Count);
                for (int i = 0; i < whole; i += T.Count) Add(T.Load(plane, i) - means, ref sum, ref square);
                if (whole < planes.Size) Add(TLanes.Load(plane + whole, mask, means) - means, ref sum, ref square);
                T.Store(a, c * T.Count, sum);
                T.Store(b, c * T.Count, square);
            }
        }
        for (int c = 0; c < planes.Channels; c++) (sums[c], squares[c]) = (T.Sum(T.Load(a, c * T.Count)), T.Sum(T.Load(b, c * T.Count)));
    }

    /// <summary>products, sums [channels] = the sums of dz d and dz with d = x - mean and dz the gradient of z = d scale + bias.</summary>
    [MethodImpl(LoopRoot)]
    public static void Products<TRectify>(
        float* x, float* dy, in HostPlanes planes, float* mean, float* scale, float* bias, float* products, float* sums) where TRectify : struct, IRectify
    {
        float* a = stackalloc float[2 * Block * 16], b = a + Block * 16;
        new Span<float>(a, 2 * Block * 16).Clear();
        int whole = planes.Size - planes.Size % T.Count;
        T mask = TLanes.Mask(planes.Size - whole);
        for (int sample = 0; sample < planes.Samples; sample++)
        {
            float* plane = x + sample * planes.Step, gradient = dy + sample * planes.Step;
            for (int c = 0; c < planes.Channels; c++, plane += planes.Size, gradient += planes.Size)
            {
                T means = T.Of(mean[c]), scales = T.Of(scale[c]), biases = T.Of(bias[c]);
                T product = T.Load(a, c * T.Count), sum = T.Load(b, c * T.Count);
                for (int i = 0; i < whole; i += T.Count)
                    Add<TRectify>(T.Load(plane, i) - means, T.Load(gradient, i), scales, biases, ref product, ref sum);
                if (whole < planes.Size)
                    Add<TRectify>(TLanes.Load(plane + whole, mask) - means, TLanes.Load(gradient + whole, mask), scales, biases, ref product, ref sum);
                T.Store(a, c * T.Count, product);
                T.Store(b, c * T.Count, sum);
            }
        }
        for (int c = 0; c < planes.Channels; c++) (products[c], sums[c]) = (T.Sum(T.Load(a, c * T.Count)), T.Sum(T.Load(b, c * T.Count)));
    }

    /// <summary>y = f((x - mean) scale + bias), the last sample first: it is nearest.</summary>
    [MethodImpl(LoopRoot)]
    public static void Normalize<TRectify>(float* x, float* y, in HostPlanes planes, float* mean, float* scale, float* bias)
        where TRectify : struct, IRectify
    {
        int whole = planes.Size - planes.Size % T.Count;
        T mask = TLanes.Mask(planes.Size - whole);
        for (int sample = planes.Samples - 1; sample >= 0; sample--)
        {
            float* plane = x + sample * planes.Step, target = y + sample * planes.Step;
            for (int c = 0; c < planes.Channels; c++, plane += planes.Size, target += planes.Size)
            {
                T means = T.Of(mean[c]), scales = T.Of(scale[c]), biases = T.Of(bias[c]);
                for (int i = 0; i < whole; i += T.Count)
                    T.Store(target, i, TRectify.Forward(T.MulAdd(T.Load(plane, i) - means, scales, biases)));
                if (whole < planes.Size)
                    TLanes.Store(target + whole, TRectify.Forward(T.MulAdd(TLanes.Load(plane + whole, mask) - means, scales, biases)), mask);
            }
        }
    }

    /// <summary>dx = dz scale - common - d slope, see <see cref="PlaneGradient{TRectify}"/>.</summary>
    [MethodImpl(LoopRoot)]
    public static void Gradient<TRectify>(
        float* x, float* dy, float* dx, in HostPlanes planes, float* mean, float* scale, float* bias, float* slope, float* common)
        where TRectify : struct, IRectify
    {
        int whole = planes.Size - planes.Size % T.Count;
        T mask = TLanes.Mask(planes.Size - whole);
        for (int sample = planes.Samples - 1; sample >= 0; sample--)
        {
            int at = sample * planes.Step;
            for (int c = 0; c < planes.Channels; c++, at += planes.Size)
            {
                T means = T.Of(mean[c]), scales = T.Of(scale[c]), biases = T.Of(bias[c]), slopes = T.Of(slope[c]), commons = T.Of(common[c]);
                int i = at;
                for (; i < at + whole; i += T.Count)
                {
                    T d = T.Load(x, i) - means;
                    T.Store(dx, i, TRectify.Backward(T.MulAdd(d, scales, biases), T.Load(dy, i)) * scales - commons - d * slopes);
                }
                if (whole == planes.Size) continue;
                T rest = TLanes.Load(x + i, mask) - means;
                T dz = TRectify.Backward(T.MulAdd(rest, scales, biases), TLanes.Load(dy + i, mask));
                TLanes.Store(dx + i, dz * scales - commons - rest * slopes, mask);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(T d, ref T sum, ref T square)
    {
        sum += d;
        square = T.MulAdd(d, d, square);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add<TRectify>(T d, T dy, T scale, T bias, ref T product, ref T sum) where TRectify : struct, IRectify
    {
        T dz = TRectify.Backward(T.MulAdd(d, scale, bias), dy);
        product = T.MulAdd(dz, d, product);
        sum += dz;
    }
}

/// <summary>The planes of neighbouring channels in x [samples, channels, size].</summary>
/// <param name="Samples">Number of samples.</param>
/// <param name="Channels">Channels that are worked on.</param>
/// <param name="Size">Elements of a plane.</param>
/// <param name="Step">Elements from one sample to the next.</param>
internal readonly record struct HostPlanes(int Samples, int Channels, int Size, int Step);
