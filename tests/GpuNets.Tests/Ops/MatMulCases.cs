using GpuNets.Reference;

namespace GpuNets.Tests.Ops;

/// <summary>Matrix products as differentiable ops: transposed sides, batches that broadcast, bias, and every activation.</summary>
internal sealed class MatMulCases : IOpCases
{
    public IEnumerable<OpCase> Cases =>
    [
        Plain("plain", [5, 7], [7, 3]),
        Plain("one element", [1, 1], [1, 1]),
        Plain("no terms", [2, 0], [0, 3]),
        Plain("tails of tiles", [33, 31], [31, 65]),
        Plain("batches", [2, 3, 4, 5], [3, 5, 2]),
        Plain("batch of one side", [4, 5], [3, 5, 2]),
        new("matmul, left transposed", [OpInput.Normal(7, 5), OpInput.Normal(7, 3)], x => x[0].MatMul(x[1], transposeThis: true),
            x => Product(ShapeReference.Permute(x[0], 1, 0), x[1])),
        new("matmul, both transposed", [OpInput.Normal(7, 5), OpInput.Normal(3, 7)], x => x[0].MatMul(x[1], transposeThis: true, transposeOther: true),
            x => Product(ShapeReference.Permute(x[0], 1, 0), ShapeReference.Permute(x[1], 1, 0))),
        Layer(Activation.Identity, v => v),
        Layer(Activation.Tanh, Real.Tanh),
        Layer(Activation.Sigmoid, Real.Sigmoid),
        Layer(Activation.Relu, v => v > 0 ? v : 0),
        Layer(Activation.Gelu, v => v * (1 + Real.Erf(v / Math.Sqrt(2))) * 0.5),
        Residual(Activation.Identity, v => v),
        Residual(Activation.Relu, v => v > 0 ? v : 0),
        Residual(Activation.Gelu, v => v * (1 + Real.Erf(v / Math.Sqrt(2))) * 0.5),
        new("matmul, batches with residuals", [OpInput.Normal(3, 4, 5), OpInput.Normal(3, 5, 2), OpInput.Normal(3, 4, 2)],
            x => x[0].MatMul(x[1], residual: x[2]), x => NdArray.Broadcast(Product(x[0], x[1]), x[2], (y, r) => y + r)),
        new("matmul, a residual that is used again", [OpInput.Normal(4, 6), OpInput.Normal(6, 5), OpInput.Normal(4, 5)],
            x => x[0].MatMul(x[1], residual: x[2]) * x[2], x => NdArray.Broadcast(NdArray.Broadcast(Product(x[0], x[1]), x[2], (y, r) => y + r), x[2], (y, r) => y * r)),
    ];

    private static OpCase Plain(string name, int[] a, int[] b) =>
        new($"matmul, {name}", [OpInput.Normal(a), OpInput.Normal(b)], x => x[0].MatMul(x[1]), x => Product(x[0], x[1]));

    private static OpCase Layer(Activation activation, Func<Real, Real> f) =>
        new($"matmul with bias and {activation}", [OpInput.Normal(4, 6), OpInput.Normal(5, 6), OpInput.Normal(5)],
            x => x[0].MatMul(x[1], transposeOther: true, bias: x[2], activation: activation),
            x => NdArray.Broadcast(Product(x[0], ShapeReference.Permute(x[1], 1, 0)), x[2], (y, b) => y + b).Map(f));

    private static OpCase Residual(Activation activation, Func<Real, Real> f) =>
        new($"matmul with bias, residual and {activation}", [OpInput.Normal(4, 6), OpInput.Normal(5, 6), OpInput.Normal(5), OpInput.Normal(4, 5)],
            x => x[0].MatMul(x[1], transposeOther: true, bias: x[2], activation: activation, residual: x[3]),
            x => NdArray.Broadcast(NdArray.Broadcast(Product(x[0], ShapeReference.Permute(x[1], 1, 0)), x[2], (y, b) => y + b), x[3], (y, r) => y + r).Map(f));

    /// <summary>Products of the last two axes with broadcast leading ones.</summary>
    private static NdArray Product(NdArray a, NdArray b)
    {
        var (rows, terms, columns) = (a.Shape[^2], a.Shape[^1], b.Shape[^1]);
        int[] batch = NdArray.Broadcast(new NdArray([.. a.Shape[..^2]]), new NdArray([.. b.Shape[..^2]]), (p, _) => p).Shape;
        var left = ShapeReference.BroadcastTo(a, [.. batch, rows, terms]);
        var right = ShapeReference.BroadcastTo(b, [.. batch, terms, columns]);
        var y = new NdArray([.. batch, rows, columns]);
        for (int n = 0; n < NdArray.Count(batch); n++)
        {
            for (int i = 0; i < rows; i++)
            {
                for (int j = 0; j < columns; j++)
                {
                    Real sum = 0;
                    for (int k = 0; k < terms; k++) sum += left[(n * rows + i) * terms + k] * right[(n * terms + k) * columns + j];
                    y[(n * rows + i) * columns + j] = sum;
                }
            }
        }
        return y;
    }
}
