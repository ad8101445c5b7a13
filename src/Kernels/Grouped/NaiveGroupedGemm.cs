using ILGPU;

namespace GpuNets.Kernels;

/// <summary>
/// y[write[e]] (+)= x[read[e]] op(B[group of e]), one thread per output and nothing reused: for devices whose groups are too small for
/// tiles, such as emulated ones.
/// </summary>
internal struct NaiveGroupedGemm : IElementKernel
{
    public ArrayView<float> X, Matrices, Y;

    /// <summary>Those of <see cref="GroupedRows"/>, which ILGPU's CPU backend fails to compile as a struct within this one.</summary>
    public ArrayView<int> Starts, Read, Write;

    /// <summary>Element (k, c) of a matrix is at k * StepK + c * StepColumn.</summary>
    public int Groups, Terms, Columns, StepK, StepColumn, Accumulate;

    public readonly unsafe void Run<TLoop>(TLoop loop) where TLoop : struct, ILoop => loop.Each(
        new Output
        {
            X = X.Ptr(),
            Matrices = Matrices.Ptr(),
            Y = Y.Ptr(),
            Starts = Starts.Ptr(),
            Read = Read.Ptr(),
            Write = Write.Ptr(),
            Groups = Groups,
            Terms = Terms,
            Columns = Columns,
            StepK = StepK,
            StepColumn = StepColumn,
            Accumulate = Accumulate,
        });

    private unsafe struct Output : IElementBody
    {
        public float* X, Matrices, Y;
        public int* Starts, Read, Write;
        public int Groups, Terms, Columns, StepK, StepColumn, Accumulate;

        public readonly void At<T>(int i) where T : struct, ILane<T>
        {
            for (int lane = 0; lane < T.Count; lane++) One(i + lane);
        }

        private readonly void One(int output)
        {
            int entry = output / Columns, column = output - entry * Columns;
            int b = GroupedRows.Group(Starts, Groups, entry) * Terms * Columns + column * StepColumn;
            int a = Read[entry] * Terms, y = Write[entry] * Columns + column;
            float sum = 0f;
            for (int k = 0; k < Terms; k++) sum += X[a + k] * Matrices[b + k * StepK];
            Y[y] = Accumulate != 0 ? Y[y] + sum : sum;
        }
    }
}
