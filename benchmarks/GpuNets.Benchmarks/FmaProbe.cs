using GpuNets.Kernels;
using ILGPU;

namespace GpuNets.Benchmarks;

/// <summary>Nothing but fused multiply-adds: eight chains per lane, as many as it takes to fill two units of four cycles.</summary>
internal struct FmaProbe : IElementKernel
{
    public const int Steps = 1024;

    /// <summary>Operations of an element.</summary>
    public const double Flops = 2.0 * 8 * Steps;

    public ArrayView<float> X;

    public readonly unsafe void Run<TLoop>(TLoop loop) where TLoop : struct, ILoop => loop.Each(new Body { X = X.Ptr() });

    private unsafe struct Body : IElementBody
    {
        public float* X;

        public readonly void At<T>(int i) where T : struct, ILane<T>
        {
            T x = T.Load(X, i), m = T.Of(0.5f), a = x, b = x + m, c = b + m, d = c + m, e = d + m, f = e + m, g = f + m, h = g + m;
            for (int step = 0; step < Steps; step++)
            {
                a = T.MulAdd(a, m, x);
                b = T.MulAdd(b, m, x);
                c = T.MulAdd(c, m, x);
                d = T.MulAdd(d, m, x);
                e = T.MulAdd(e, m, x);
                f = T.MulAdd(f, m, x);
                g = T.MulAdd(g, m, x);
                h = T.MulAdd(h, m, x);
            }
            T.Store(X, i, ((a + b) + (c + d)) + ((e + f) + (g + h)));
        }
    }
}
