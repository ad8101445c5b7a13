using System.Runtime.CompilerServices;

namespace GpuNets.Kernels;

/// <summary>What the host does with the rows of a chunk of pairs between two products. Columns beyond whole registers go under a mask.</summary>
internal static unsafe class HostPairRows<TLanes, T> where TLanes : struct, IHostTileLanes<T> where T : struct, ILane<T>
{
    private const MethodImplOptions LoopRoot = MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining;

    /// <summary>a = relu(left + right + context) for one pair; context may be null.</summary>
    [MethodImpl(LoopRoot)]
    public static void First(float* left, float* right, float* context, float* a, int columns)
    {
        for (int c = 0; c < columns; c += T.Count)
        {
            T mask = TLanes.Mask(columns - c), sum = TLanes.Load(left + c, mask) + TLanes.Load(right + c, mask);
            if (context != null) sum += TLanes.Load(context + c, mask);
            TLanes.Store(a + c, Relu.Forward(sum), mask);
        }
    }

    /// <summary>sums (+)= the sum of the rows of x. Four registers of columns at a time.</summary>
    [MethodImpl(LoopRoot)]
    public static void Sum(float* x, int rows, int columns, float* sums, bool accumulate)
    {
        for (int c = 0; c < columns; c += 4 * T.Count)
        {
            T m0 = TLanes.Mask(columns - c), m1 = TLanes.Mask(columns - c - T.Count);
            T m2 = TLanes.Mask(columns - c - 2 * T.Count), m3 = TLanes.Mask(columns - c - 3 * T.Count);
            T s0 = T.Of(0f), s1 = s0, s2 = s0, s3 = s0;
            float* row = x + c;
            for (int r = 0; r < rows; r++, row += columns)
            {
                s0 += TLanes.Load(row, m0);
                s1 += TLanes.Load(row + T.Count, m1);
                s2 += TLanes.Load(row + 2 * T.Count, m2);
                s3 += TLanes.Load(row + 3 * T.Count, m3);
            }
            Put(sums + c, s0, m0, accumulate);
            Put(sums + c + T.Count, s1, m1, accumulate);
            Put(sums + c + 2 * T.Count, s2, m2, accumulate);
            Put(sums + c + 3 * T.Count, s3, m3, accumulate);
        }
    }

    /// <summary>y *= factor.</summary>
    [MethodImpl(LoopRoot)]
    public static void Scale(float* y, int columns, float factor)
    {
        for (int c = 0; c < columns; c += T.Count)
        {
            T mask = TLanes.Mask(columns - c);
            TLanes.Store(y + c, TLanes.Load(y + c, mask) * T.Of(factor), mask);
        }
    }

    /// <summary>Every row of a becomes factor dy where a is positive, else 0: the gradient before the last activation.</summary>
    [MethodImpl(LoopRoot)]
    public static void Last(float* dy, float factor, float* a, int rows, int columns)
    {
        for (int r = 0; r < rows; r++, a += columns)
            for (int c = 0; c < columns; c += T.Count)
            {
                T mask = TLanes.Mask(columns - c), value = TLanes.Load(a + c, mask);
                TLanes.Store(a + c, TLanes.Load(dy + c, mask) * T.Of(factor) * Relu.Derivative(value, value), mask);
            }
    }

    /// <summary>a becomes the gradient where a is positive, else 0.</summary>
    [MethodImpl(LoopRoot)]
    public static void Before(float* gradient, float* a, int count)
    {
        for (int i = 0; i < count; i += T.Count)
        {
            T mask = TLanes.Mask(count - i), value = TLanes.Load(a + i, mask);
            TLanes.Store(a + i, TLanes.Load(gradient + i, mask) * Relu.Derivative(value, value), mask);
        }
    }

    /// <summary>y += x.</summary>
    [MethodImpl(LoopRoot)]
    public static void Add(float* x, float* y, int columns)
    {
        for (int c = 0; c < columns; c += T.Count)
        {
            T mask = TLanes.Mask(columns - c);
            TLanes.Store(y + c, TLanes.Load(y + c, mask) + TLanes.Load(x + c, mask), mask);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(float* to, T sum, T mask, bool accumulate) =>
        TLanes.Store(to, accumulate ? TLanes.Load(to, mask) + sum : sum, mask);
}
