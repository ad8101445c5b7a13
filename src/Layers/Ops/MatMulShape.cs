using GpuNets.Kernels;

namespace GpuNets;

/// <summary>Sizes of a broadcast batch of matrix products, checked, and the batch axes merged into as few as strides allow.</summary>
internal sealed class MatMulShape
{
    private readonly List<BatchAxis> _axes = [];

    public MatMulShape(Shape a, Shape b, bool transposeA, bool transposeB)
    {
        if (a.Rank < 2 || b.Rank < 2)
            throw new ShapeException("MatMul", $"both operands need two axes or more, got {a} and {b}; reshape a vector to one row or column.");
        (TransposeA, TransposeB) = (transposeA, transposeB);
        (M, K) = transposeA ? (a[-1], a[-2]) : (a[-2], a[-1]);
        (int k, N) = transposeB ? (b[-1], b[-2]) : (b[-2], b[-1]);
        if (k != K) throw new ShapeException("MatMul", $"{Describe(a, transposeA)} times {Describe(b, transposeB)}: {K} columns meet {k} rows.");
        int rank = Math.Max(a.Rank, b.Rank) - 2;
        var output = new int[rank + 2];
        (output[rank], output[rank + 1]) = (M, N);
        var axes = new BatchAxis[rank];
        long strideA = (long)M * K, strideB = (long)K * N, strideC = (long)M * N;
        for (int i = rank - 1; i >= 0; i--)
        {
            int sizeA = Size(a, i - rank - 2), sizeB = Size(b, i - rank - 2);
            if (sizeA != sizeB && sizeA != 1 && sizeB != 1)
                throw new ShapeException("MatMul", $"batch axes of {a} and {b} do not broadcast: {sizeA} and {sizeB}.");
            output[i] = sizeA == 1 ? sizeB : sizeA;
            axes[i] = new BatchAxis(output[i], sizeA == 1 ? 0 : strideA, sizeB == 1 ? 0 : strideB, strideC);
            (strideA, strideB, strideC) = (strideA * sizeA, strideB * sizeB, strideC * output[i]);
        }
        Output = output;
        foreach (var axis in axes) Append(axis);
    }

    public int M { get; }

    public int N { get; }

    public int K { get; }

    public bool TransposeA { get; }

    public bool TransposeB { get; }

    /// <summary>[..., M, N].</summary>
    public Shape Output { get; }

    /// <summary>Batch axes, outermost first. Axes of size 1 are left out, neighbours that are one axis in every operand are merged.</summary>
    public IReadOnlyList<BatchAxis> Axes => _axes;

    private void Append(BatchAxis axis)
    {
        if (axis.Size == 1) return;
        if (_axes.Count > 0 && _axes[^1].Merge(axis) is { } merged) _axes[^1] = merged;
        else _axes.Add(axis);
    }

    private static int Size(Shape shape, int axis) => -axis <= shape.Rank ? shape[axis] : 1;

    private static string Describe(Shape shape, bool transposed) => transposed ? $"{shape} (transposed)" : $"{shape}";
}

/// <summary>An axis of a batch: its size and the elements from one matrix to the next in each operand, 0 where one matrix is shared.</summary>
internal readonly record struct BatchAxis(int Size, long A, long B, long C)
{
    /// <summary>This axis and the next inner one as one axis, if every operand steps evenly through both.</summary>
    public BatchAxis? Merge(BatchAxis inner) =>
        A == inner.A * inner.Size && B == inner.B * inner.Size && C == inner.C * inner.Size ? inner with { Size = Size * inner.Size } : null;
}
