using GpuNets.Reference;

namespace GpuNets.Tests.Ops;

/// <summary>Layer norm with and without weight and bias; one row, more rows than blocks of the gradient, two axes, no row.</summary>
internal sealed class LayerNormCases : IOpCases
{
    public IEnumerable<OpCase> Cases =>
    [
        Full([3, 5]), Full([1, 31]), Full([9, 33]), Full([67, 127]), Full([2, 1023]), Full([1, 1]), Full([0, 5]),
        new("layer norm over two axes", [OpInput.Normal(3, 4, 5), OpInput.Normal(4, 5), OpInput.Normal(4, 5)],
            x => x[0].LayerNorm([4, 5], x[1], x[2]), x => Affine(Normalize(x[0], 20), x[1], x[2])),
        new("layer norm without parameters", [OpInput.Normal(4, 7)], x => x[0].LayerNorm([7]), x => Normalize(x[0], 7)),
        new("layer norm with a weight alone", [OpInput.Normal(4, 7), OpInput.Normal(7)],
            x => x[0].LayerNorm([7], x[1]), x => Affine(Normalize(x[0], 7), x[1], null)),
        new("layer norm, large mean", [OpInput.Uniform(100, 101, 3, 64)], x => x[0].LayerNorm([64]), x => Normalize(x[0], 64)),
        new("layer norm, equal values", [OpInput.Uniform(2, 2, 2, 8)], x => x[0].LayerNorm([8], epsilon: 0.1f), x => Normalize(x[0], 8, 0.1)),
        new("layer norm, parameters used twice", [OpInput.Normal(3, 4), OpInput.Normal(4), OpInput.Normal(4)],
            x => x[0].LayerNorm([4], x[1], x[2]).LayerNorm([4], x[1], x[2]),
            x => Affine(Normalize(Affine(Normalize(x[0], 4), x[1], x[2]), 4), x[1], x[2])) { PlainUlps = 2 },   // two in a row: one unit each
    ];

    private static OpCase Full(int[] shape)
    {
        int columns = shape[^1];
        return new OpCase($"layer norm [{string.Join(", ", shape)}]", [OpInput.Normal(shape), OpInput.Normal(columns), OpInput.Normal(columns)],
            x => x[0].LayerNorm([columns], x[1], x[2]), x => Affine(Normalize(x[0], columns), x[1], x[2]));
    }

    private static NdArray Normalize(NdArray x, int columns, double epsilon = 1e-5f)
    {
        var y = new NdArray(x.Shape);
        for (int start = 0; start < x.Length; start += columns)
        {
            Real mean = 0, variance = 0;
            for (int i = start; i < start + columns; i++) mean += x[i];
            mean /= columns;
            for (int i = start; i < start + columns; i++) variance += (x[i] - mean) * (x[i] - mean);
            Real deviation = Real.Sqrt(variance / columns + epsilon);
            for (int i = start; i < start + columns; i++) y[i] = (x[i] - mean) / deviation;
        }
        return y;
    }

    private static NdArray Affine(NdArray x, NdArray weight, NdArray? bias)
    {
        var y = new NdArray(x.Shape);
        for (int i = 0; i < x.Length; i++) y[i] = x[i] * weight[i % weight.Length] + (bias is null ? 0 : bias[i % bias.Length]);
        return y;
    }
}
