using GpuNets.Reference;
using GpuNets.Tests.Ops;
using static GpuNets.Tests.Normalization.NormalizationReference;

namespace GpuNets.Tests.Normalization;

/// <summary>
/// Batch norm over vectors, sequences and images: planes shorter and longer than a team is worth, several pieces of a plane, several
/// blocks of samples, fewer channels than cores and more; with the batch's and with given statistics, with and without a rectifier.
/// </summary>
internal sealed class BatchNormCases : IOpCases
{
    private static readonly float[] s_mean = Repeated(0.3f, -1.5f, 2f, 0f, 0.1f), s_variance = Repeated(0.5f, 2f, 1f, 0.01f, 3f);

    public IEnumerable<OpCase> Cases =>
    [
        Full(3, 1), Full(7, 5), Full(65, 33), Full(3, 127), Full(2, 1, 1), Full(5, 3, 2), Full(35, 4, 5), Full(1, 2, 31), Full(3, 2, 33),
        Full(2, 9, 16), Full(2, 3, 4, 5), Full(2, 6, 7, 9), Full(1, 2, 3001), Full(2, 9, 65, 33), Full(2, 1, 1, 17),
        Full(3, 35, 17), Full(2, 32, 4, 4), Full(2, 33, 5, 13),
        new("batch norm without parameters", [OpInput.Normal(4, 3, 6)], x => x[0].BatchNorm(), x => Batch(x[0])),
        new("batch norm with a weight alone", [OpInput.Normal(4, 3, 20), OpInput.Normal(3)], x => x[0].BatchNorm(x[1]), x => Affine(Batch(x[0]), x[1])),
        new("batch norm of vectors with a weight alone", [OpInput.Normal(9, 3), OpInput.Normal(3)], x => x[0].BatchNorm(x[1]), x => Affine(Batch(x[0]), x[1])),
        new("batch norm, large mean", [OpInput.Uniform(100, 101, 3, 2, 40)], x => x[0].BatchNorm(), x => Batch(x[0])),
        new("batch norm of many short planes, large mean", [OpInput.Uniform(100, 101, 3, 33, 20)], x => x[0].BatchNorm(), x => Batch(x[0])),
        new("batch norm of vectors, large mean", [OpInput.Uniform(100, 101, 70, 2)], x => x[0].BatchNorm(), x => Batch(x[0])),
        new("batch norm, equal values", [OpInput.Uniform(2, 2, 2, 2, 20)], x => x[0].BatchNorm(epsilon: 0.1f), x => Batch(x[0], 0.1f)),
        Rectified(8, 3), Rectified(3, 2, 5), Rectified(2, 3, 4, 5), Rectified(2, 7, 37), Rectified(3, 2, 2100), Rectified(2, 37, 5, 5),
        Inference(false, 6, 5), Inference(false, 2, 5, 3), Inference(false, 2, 5, 17), Inference(true, 6, 5), Inference(true, 2, 5, 3), Inference(true, 2, 5, 17),
        Inference(false, 2, 34, 18), Inference(true, 2, 34, 18),
    ];

    private static OpCase Full(params int[] shape) => new(
        $"batch norm [{string.Join(", ", shape)}]", Inputs(shape), x => x[0].BatchNorm(x[1], x[2]), x => Affine(Batch(x[0]), x[1], x[2]));

    private static OpCase Rectified(params int[] shape) => new(
        $"batch norm and relu [{string.Join(", ", shape)}]", Inputs(shape), x => x[0].BatchNorm(x[1], x[2], relu: true), x => Relu(Affine(Batch(x[0]), x[1], x[2])));

    private static OpCase Inference(bool relu, params int[] shape) => new(
        $"batch norm with given statistics{(relu ? " and relu" : "")} [{string.Join(", ", shape)}]", Inputs(shape),
        x =>
        {
            Tensor mean = x[0].Device.Tensor(s_mean.AsSpan(0, shape[1])), variance = x[0].Device.Tensor(s_variance.AsSpan(0, shape[1]));
            return x[0].BatchNorm(mean, variance, x[1], x[2], relu: relu);
        },
        x =>
        {
            var y = Affine(Given(x[0], [.. s_mean.Take(shape[1]).Select(m => (double)m)], [.. s_variance.Take(shape[1]).Select(v => (double)v)]), x[1], x[2]);
            return relu ? Relu(y) : y;
        });

    private static float[] Repeated(params float[] values) => [.. Enumerable.Range(0, 40).Select(i => values[i % values.Length])];

    private static OpInput[] Inputs(int[] shape) => [OpInput.Normal(shape), OpInput.Normal(shape[1]), OpInput.Normal(shape[1])];
}
