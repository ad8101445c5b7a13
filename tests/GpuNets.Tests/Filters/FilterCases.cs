using GpuNets.Reference;
using GpuNets.Tests.Ops;

namespace GpuNets.Tests.Filters;

/// <summary>Gaussian filters, exact and on a lattice, with every normalisation: one to five features, one sample and several, one channel and many.</summary>
internal sealed class FilterCases : IOpCases
{
    private static readonly FilterNormalization[] s_all = Enum.GetValues<FilterNormalization>();

    public IEnumerable<OpCase> Cases =>
    [
        .. s_all.Select(mode => Exact([1, 2, 4, 5], 3, mode)),
        Exact([2, 5, 31], 1, FilterNormalization.Symmetric),
        Exact([2, 3, 9, 7], 21, FilterNormalization.After),
        .. s_all.Select(mode => Lattice([1, 2, 4, 5], 3, mode)),
        .. s_all.Select(mode => Lattice([2, 5, 3, 3], 2, mode)),
        Lattice([1, 1, 33], 1, FilterNormalization.Symmetric),
        Lattice([3, 2, 31], 17, FilterNormalization.After),
        Lattice([2, 5, 9, 11], 21, FilterNormalization.Symmetric),
        Lattice([1, 5, 127], 33, FilterNormalization.Before, spread: 0.2),
        Lattice([1, 3, 40], 5, FilterNormalization.None, spread: 30),
    ];

    private static OpCase Exact(int[] shape, int channels, FilterNormalization mode) => Case(
        $"exact gaussian {mode} [{string.Join(", ", shape)}], {channels} channels", new SampleFeatures(shape), channels,
        features => new ExactGaussianFilter(features, mode),
        features =>
        {
            double[,] k = MeanFieldReference.Gaussian(features, Before(mode), After(mode));
            return x => MeanFieldReference.Apply(k, x);
        });

    private static OpCase Lattice(int[] shape, int channels, FilterNormalization mode, double spread = 1) => Case(
        $"permutohedral {mode} [{string.Join(", ", shape)}], {channels} channels", new SampleFeatures(shape, spread), channels,
        features => new PermutohedralLattice(features, mode), features => LatticeFilter(features, mode), spread);

    /// <summary>The reference of a lattice with a normalisation.</summary>
    internal static Func<Real[], Real[]> LatticeFilter(double[][] features, FilterNormalization mode)
    {
        var lattice = new PermutohedralReference(features);
        var (before, after) = lattice.Factors(Before(mode), After(mode));
        return x => [.. lattice.Filter([.. x.Select((value, p) => before[p] * value)]).Select((value, p) => after[p] * value)];
    }

    private static bool Before(FilterNormalization mode) => mode is FilterNormalization.Before or FilterNormalization.Symmetric;

    private static bool After(FilterNormalization mode) => mode is FilterNormalization.After or FilterNormalization.Symmetric;

    private static OpCase Case(
        string name, SampleFeatures features, int channels, Func<Tensor, GaussianFilter> make, Func<double[][], Func<Real[], Real[]>> reference,
        double spread = 1)
    {
        int[] shape = [features.Samples, channels, .. features.Shape[2..]];
        var filters = new Lazy<Func<Real[], Real[]>[]>(() => [.. Enumerable.Range(0, features.Samples).Select(n => reference(features.Of(n)))]);
        return new OpCase(name, [OpInput.Normal(shape)], x => make(features.On(x[0].Device)).Filter(x[0]), x =>
        {
            var y = new NdArray(shape);
            for (int plane = 0, at = 0; plane < features.Samples * channels; plane++, at += features.Positions)
                filters.Value[plane / channels](x[0].Values[at..(at + features.Positions)]).CopyTo(y.Values, at);
            return y;
        })
        // The weights are differences of coordinates, whose rounding grows with their magnitude.
        { Cancels = true, PlainUlps = 4 * Math.Max(1, spread) };
    }
}
