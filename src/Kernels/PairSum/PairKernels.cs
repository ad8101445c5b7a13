using ILGPU;

namespace GpuNets.Kernels;

/// <summary>The rows of a chunk: pair First + r % Count of example Example + r / Count, whose members are rows of [batch, objects].</summary>
internal struct PairRows
{
    public ArrayView<int> Firsts, Seconds;

    /// <summary>Pairs of each example in the chunk.</summary>
    public StridedAxis Pairs;

    public int Example, First, Objects;

    public readonly unsafe int Split(int row, out int i, out int j)
    {
        int e = Pairs.Divide(row), pair = First + row - e * Pairs.Size;
        int example = Example + e;
        i = example * Objects + Firsts.Ptr()[pair];
        j = example * Objects + Seconds.Ptr()[pair];
        return example;
    }
}

/// <summary>a[r, :] = relu(left[i, :] + right[j, :] + context[example, :]): the first layer, whose products run over objects, not pairs.</summary>
internal struct PairFirstLayer : IRowKernel
{
    public ArrayView<float> Left, Right, Context, A;
    public PairRows Rows;
    public int Columns, HasContext;

    public readonly unsafe void Row<TTeam>(int row) where TTeam : struct, ITeam
    {
        int example = Rows.Split(row, out int i, out int j);
        TTeam.Each(Columns, new Body
        {
            Left = Left.Ptr() + i * Columns,
            Right = Right.Ptr() + j * Columns,
            Context = Context.Ptr() + (HasContext != 0 ? example * Columns : 0),
            A = A.Ptr() + row * Columns,
            HasContext = HasContext,
        });
    }

    private unsafe struct Body : IElementBody
    {
        public float* Left, Right, Context, A;
        public int HasContext;

        public readonly void At<T>(int i) where T : struct, ILane<T>
        {
            T sum = T.Load(Left, i) + T.Load(Right, i);
            if (HasContext != 0) sum += T.Load(Context, i);
            T.Store(A, i, Relu.Forward(sum));
        }
    }
}

/// <summary>a[r, :] becomes the gradient before the last activation: factor dy[example, :] where a is positive, else 0.</summary>
internal struct PairLastGradient : IRowKernel
{
    public ArrayView<float> DY, A;
    public PairRows Rows;
    public int Columns;
    public float Factor;

    public readonly unsafe void Row<TTeam>(int row) where TTeam : struct, ITeam
    {
        int example = Rows.Split(row, out _, out _);
        TTeam.Each(Columns, new Body { DY = DY.Ptr() + example * Columns, A = A.Ptr() + row * Columns, Factor = Factor });
    }

    private unsafe struct Body : IElementBody
    {
        public float* DY, A;
        public float Factor;

        public readonly void At<T>(int i) where T : struct, ILane<T>
        {
            T a = T.Load(A, i);
            T.Store(A, i, T.Load(DY, i) * T.Of(Factor) * Relu.Derivative(a, a));
        }
    }
}
