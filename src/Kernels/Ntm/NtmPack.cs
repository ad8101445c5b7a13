using ILGPU;

namespace GpuNets.Kernels;

/// <summary>
/// Copies a matrix [rows, columns] as it is and transposed, so that a step reads weights along contiguous rows in both directions. A row
/// of the kernel is a block of 16 rows of the matrix: whole cache lines of the transposed one.
/// </summary>
internal struct NtmPackMatrix : IRowKernel
{
    private const int Block = 16;

    public ArrayView<float> Source, Target;
    public int Rows, Columns;

    /// <summary>Where the copy starts, or -1 for none.</summary>
    public int Copy;

    /// <summary>Where element (r, c) goes: Transposed + c * Leading + r.</summary>
    public int Transposed, Leading;

    public static void Launch(DeviceBuffer source, DeviceBuffer target, int rows, int columns, int copy, int transposed, int leading)
    {
        target.Device.ForRows(
            new NtmPackMatrix
            {
                Source = source.Floats,
                Target = target.Floats,
                Rows = rows,
                Columns = columns,
                Copy = copy,
                Transposed = transposed,
                Leading = leading,
            },
            (rows + Block - 1) / Block, Block * columns, Block * columns * 0.7f);
    }

    public readonly unsafe void Row<TTeam>(int row) where TTeam : struct, ITeam
    {
        int first = row * Block, count = Rows - first < Block ? Rows - first : Block;
        float* source = Source.Ptr() + first * Columns, target = Target.Ptr();
        if (Copy >= 0) NtmCopy.Run<TTeam>(source, target + (Copy + first * Columns), count * Columns);
        TTeam.Each(Columns * Block, new Element { Source = source, Target = target + (Transposed + first), Columns = Columns, Count = count, Leading = Leading });
    }

    private unsafe struct Element : IElementBody
    {
        public float* Source, Target;
        public int Columns, Count, Leading;

        public readonly void At<T>(int i) where T : struct, ILane<T>
        {
            for (int lane = 0; lane < T.Count; lane++)
            {
                int c = (i + lane) / Block, r = (i + lane) % Block;
                if (r < Count) Target[c * Leading + r] = Source[r * Columns + c];
            }
        }
    }
}

/// <summary>y[offset + i] = a[i] + b[i].</summary>
internal struct NtmPackSum : IElementKernel
{
    public ArrayView<float> A, B, Y;
    public int Offset, HasB;

    public static void Launch(DeviceBuffer a, DeviceBuffer? b, DeviceBuffer y, int offset, int count) => y.Device.ForEach(
        new NtmPackSum { A = a.Floats, B = (b ?? a).Floats, Y = y.Floats, Offset = offset, HasB = b is null ? 0 : 1 }, count);

    public readonly unsafe void Run<TLoop>(TLoop loop) where TLoop : struct, ILoop =>
        loop.Each(new Body { A = A.Ptr(), B = B.Ptr(), Y = Y.Ptr() + Offset, HasB = HasB });

    private unsafe struct Body : IElementBody
    {
        public float* A, B, Y;
        public int HasB;

        public readonly void At<T>(int i) where T : struct, ILane<T>
        {
            T value = T.Load(A, i);
            if (HasB != 0) value += T.Load(B, i);
            T.Store(Y, i, value);
        }
    }
}

/// <summary>
/// y[j] = sum_q x[offset + q * leading + j], or added to y: gradients of biases (over steps and sequences) and of the initial state (over
/// sequences). With <see cref="Transpose"/> = N, column m * N + n of x goes to y[n * M + m].
/// </summary>
internal struct NtmColumnSum : IElementKernel
{
    public ArrayView<float> X, Y;
    public int Offset, Rows, Leading, Accumulate;

    /// <summary>N, or 0 to keep the order.</summary>
    public int Transpose;

    /// <summary>M.</summary>
    public int Columns;

    public static void Launch(DeviceBuffer x, int offset, int rows, int leading, DeviceBuffer y, bool accumulate, int transpose = 0)
    {
        var kernel = new NtmColumnSum
        {
            X = x.Floats,
            Y = y.Floats,
            Offset = offset,
            Rows = rows,
            Leading = leading,
            Accumulate = accumulate ? 1 : 0,
            Transpose = transpose,
            Columns = transpose == 0 ? 1 : y.Length / transpose,
        };
        y.Device.ForEach(kernel, y.Length, 0.5f * rows);
    }

    public readonly unsafe void Run<TLoop>(TLoop loop) where TLoop : struct, ILoop => loop.Each(new Body { X = X.Ptr() + Offset, Y = Y.Ptr(), Sum = this });

    private unsafe struct Body : IElementBody
    {
        public float* X, Y;
        public NtmColumnSum Sum;

        public readonly void At<T>(int i) where T : struct, ILane<T>
        {
            if (Sum.Transpose == 0) T.Store(Y, i, Column(i, Sum.Accumulate != 0 ? T.Load(Y, i) : T.Of(0f)));
            else for (int lane = 0; lane < T.Count; lane++) One(i + lane);
        }

        private readonly void One(int i)
        {
            int n = i / Sum.Columns, m = i % Sum.Columns;
            Y[i] = Column(m * Sum.Transpose + n, new Scalar(Sum.Accumulate != 0 ? Y[i] : 0f)).Value;
        }

        private readonly T Column<T>(int j, T start) where T : struct, ILane<T>
        {
            T a = start, b = T.Of(0f);
            int q = 0;
            for (; q + 2 <= Sum.Rows; q += 2)
            {
                a += T.Load(X, q * Sum.Leading + j);
                b += T.Load(X, (q + 1) * Sum.Leading + j);
            }
            if (q < Sum.Rows) a += T.Load(X, q * Sum.Leading + j);
            return a + b;
        }
    }
}
