using ILGPU;

namespace GpuNets.Kernels;

/// <summary>
/// y[write[e]] (+)= x[read[e]] op(B[group of e]), one thread per output and nothing reused: for devices whose groups are too small for
/// tiles, such as emulated ones.
/// </summary>
internal struct NaiveGroupedGemm : IElementKernel
{
    public ArrayView<float> X, Matrices, Y;
    public GroupedRows Rows;

    /// <summary>Element (k, c) of a matrix is at k * StepK + c * StepColumn.</summary>
    public int Terms, Columns, StepK, StepColumn, Accumulate;

    public readonly void Run<TLoop>(TLoop loop) where TLoop : struct, ILoop => loop.Each(new Output { Arguments = this });

    private struct Output : IElementBody
    {
        public NaiveGroupedGemm Arguments;

        public readonly void At<T>(int i) where T : struct, ILane<T>
        {
            for (int lane = 0; lane < T.Count; lane++) Arguments.One(i + lane);
        }
    }

    private readonly void One(int output)
    {
        int entry = output / Columns, column = output % Columns;
        long b = (long)Rows.Group(entry) * Terms * Columns + (long)column * StepColumn;
        int a = Rows.Read[entry] * Terms, y = Rows.Write[entry] * Columns + column;
        float sum = 0f;
        for (int k = 0; k < Terms; k++) sum += X[a + k] * Matrices[b + (long)k * StepK];
        Y[y] = Accumulate != 0 ? Y[y] + sum : sum;
    }
}
