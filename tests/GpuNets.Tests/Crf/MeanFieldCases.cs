using GpuNets.Reference;
using GpuNets.Tests.Filters;
using GpuNets.Tests.Ops;

namespace GpuNets.Tests.Crf;

/// <summary>Mean-field iterations as a function of logits, weights of kernels and compatibility, all of which have gradients.</summary>
internal sealed class MeanFieldCases : IOpCases
{
    public IEnumerable<OpCase> Cases =>
    [
        Case("mean field, exact, scalar weights", [12], 3, [[1]], compatibility: false, iterations: 2, exact: true),
        Case("mean field, exact, weights per class, matrix", [12], 3, [[3], [3]], compatibility: true, iterations: 3, exact: true),
        Case("mean field, exact, matrices", [4, 5], 4, [[4, 4], [4, 4]], compatibility: true, iterations: 5, exact: true),
        Case("mean field, lattice, matrices", [5, 4], 5, [[5, 5], [5, 5]], compatibility: true, iterations: 5, exact: false),
        Case("mean field, lattice, scalar weights", [30], 2, [[1], [1]], compatibility: false, iterations: 5, exact: false),
    ];

    private static OpCase Case(string name, int[] positions, int classes, int[][] weights, bool compatibility, int iterations, bool exact)
    {
        SampleFeatures[] features = [.. weights.Select((_, k) => new SampleFeatures([1, k + 2, .. positions]))];
        int count = features[0].Positions;
        var filters = new Lazy<Func<Real[], Real[]>[]>(() => [.. features.Select(Filter)]);
        OpInput[] inputs = [OpInput.Normal(1, count, classes), .. weights.Select(shape => OpInput.Normal(shape)), .. compatibility ? [OpInput.Normal(classes, classes)] : Array.Empty<OpInput>()];
        return new OpCase(
            name, inputs,
            x => MeanField.Run(x[0], [.. features.Select((f, k) => (Make(f.On(x[0].Device)), x[k + 1]))], compatibility ? x[^1] : null, iterations),
            x => MeanFieldReference.Run(
                x[0].Reshape(count, classes), [.. filters.Value.Select((filter, k) => (filter, x[k + 1]))], compatibility ? x[^1] : null, iterations)
                .Reshape(1, count, classes))
        { Cancels = true, PlainUlps = 8 };   // weights of the filters come from rounded features, and each iteration passes them on

        GaussianFilter Make(Tensor f) => exact ? new ExactGaussianFilter(f) : new PermutohedralLattice(f);

        Func<Real[], Real[]> Filter(SampleFeatures f)
        {
            if (!exact) return FilterCases.LatticeFilter(f.Of(0), FilterNormalization.Symmetric);
            double[,] k = MeanFieldReference.Gaussian(f.Of(0), before: true, after: true);
            return x => MeanFieldReference.Apply(k, x);
        }
    }
}
