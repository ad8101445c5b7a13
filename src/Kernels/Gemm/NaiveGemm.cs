using ILGPU;

namespace GpuNets.Kernels;

/// <summary>
/// C = f(old + op(A) op(B) + bias), one thread per output and nothing reused: the baseline of benchmarks. Each output is one chain of
/// additions over ascending k, as in the other forms.
/// </summary>
internal struct NaiveGemm<TActivation> : IElementKernel where TActivation : struct, IUnaryOp
{
    public ArrayView<float> A, B, C, Old, Bias;
    public GemmGeometry Size;

    public readonly void Run<TLoop>(TLoop loop) where TLoop : struct, ILoop =>
        loop.Each(new Output { A = A, B = B, C = C, Old = Old, Bias = Bias, Size = Size });

    private struct Output : IElementBody
    {
        public ArrayView<float> A, B, C, Old, Bias;
        public GemmGeometry Size;

        public readonly void At<T>(int i) where T : struct, ILane<T>
        {
            for (int lane = 0; lane < T.Count; lane++) One(i + lane);
        }

        private readonly void One(int output)
        {
            int product = output / (Size.M * Size.N), row = output / Size.N % Size.M, column = output % Size.N;
            long a = product * Size.StrideA + (long)row * Size.ARow, b = product * Size.StrideB + (long)column * Size.BColumn;
            float sum = 0f;
            for (int k = 0; k < Size.K; k++) sum += A[a + (long)k * Size.AStep] * B[b + (long)k * Size.BStep];
            long c = product * Size.StrideC + (long)row * Size.LeadingC + column;
            if (Size.HasBias != 0) sum += Bias[column];
            if (Size.Accumulate != 0) sum += Old[c];
            C[c] = TActivation.Forward(new Scalar(sum)).Value;
        }
    }
}
