using GpuNets.Reference;
using GpuNets.Tests.BadInput;
using GpuNets.Tests.Filters;

namespace GpuNets.Tests.Crf;

/// <summary>Dense CRFs against double-precision mean field, what they do to noisy labels, and what they refuse.</summary>
public sealed class DenseCrfTests
{
    private static readonly Refusals s_refused = new()
    {
        ["an image of another size"] = (d => Run(d, [1, 3, 4, 5], [1, 3, 5, 4]), typeof(ShapeException), ["DenseCrf", "[1, 3, 4, 5]", "[1, channels, 4, 5]", "[1, 3, 5, 4]", "resize"]),
        ["an image of another batch"] = (d => Run(d, [2, 3, 4, 5], [1, 3, 4, 5]), typeof(ShapeException), ["DenseCrf", "[2, channels, 4, 5]"]),
        ["logits without a batch"] = (d => Run(d, [3, 4, 5], [1, 3, 4, 5]), typeof(ShapeException), ["DenseCrf", "[N, C, H, W]", "[3, 4, 5]"]),
        ["no pixels"] = (d => Run(d, [1, 3, 0, 5], [1, 3, 0, 5]), typeof(ShapeException), ["DenseCrf", "at least one element"]),
        ["a deviation of 0"] = (d => _ = new DenseCrf(new() { Kernels = new() { ThetaBeta = 0 } }), typeof(ArgumentOutOfRangeException), ["DenseCrf", "positive"]),
        ["a deviation that is no number"] = (d => _ = new DenseCrf(new() { Kernels = new() { ThetaAlpha = float.NaN } }), typeof(ArgumentOutOfRangeException), ["DenseCrf", "NaN"]),
        ["a weight that is no number"] = (d => _ = new DenseCrf(new() { SpatialWeight = float.NaN }), typeof(ArgumentOutOfRangeException), ["DenseCrf", "NaN"]),
        ["less than no iterations"] = (d => _ = new DenseCrf(new() { Iterations = -1 }), typeof(ArgumentOutOfRangeException), ["-1"]),
        ["a compatibility that is not square"] = (d => _ = new DenseCrf(new() { Compatibility = new float[2, 3] }), typeof(ShapeException), ["DenseCrf", "square", "[2, 3]"]),
        ["a compatibility of other classes"] = (d => Run(d, [1, 3, 4, 5], [1, 3, 4, 5], new() { Compatibility = new float[2, 2] }), typeof(ShapeException), ["DenseCrf", "2 classes", "[1, 3, 4, 5]"]),
    };

    public static TheoryData<string> Refused => s_refused.Names;

    [Theory(Timeout = 60_000), MemberData(nameof(Refused))]
    public async Task Is_refused_with_a_message(string name)
    {
        await Task.Yield();
        s_refused.Check(name);
    }

    /// <summary>Marginals of five iterations with both kernels, Potts and a matrix, from features that the test makes itself.</summary>
    [Theory(Timeout = 120_000)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    [InlineData(false, false)]
    [InlineData(false, true)]
    public async Task Equals_the_reference(bool exact, bool matrix)
    {
        await Task.Yield();
        using var lease = TestDevices.Lease();
        using var scope = lease.Device.Scope();
        const int height = 7, width = 9, classes = 3, count = height * width;
        var image = CrfPicture.Image(lease.Device, height, width);
        var logits = new SampleFeatures([1, classes, height, width]);
        float[,] mu = { { 0, 1, 0.3f }, { 1, 0.1f, 2 }, { 0.2f, 2, -0.1f } };
        var options = new DenseCrfOptions
        {
            BilateralWeight = 4,
            SpatialWeight = 2,
            Iterations = 5,
            Compatibility = matrix ? mu : null,
            Kernels = new CrfKernels { ThetaAlpha = 6, ThetaBeta = 25, ThetaGamma = 1.5f, Exact = exact },
        };
        float[] actual = new DenseCrf(options).Forward(logits.On(lease.Device), image).Softmax(1).ToArray();

        float[] colours = image.ToArray();
        double[][] bilateral = [.. Enumerable.Range(0, count).Select(p => (double[])
            [(float)(p % width) / 6f, (float)(p / width) / 6f, .. Enumerable.Range(0, 3).Select(c => (double)(colours[c * count + p] * (1 / 25f)))])];
        double[][] spatial = [.. Enumerable.Range(0, count).Select(p => new double[] { (float)(p % width) / 1.5f, (float)(p / width) / 1.5f })];
        var compatibility = new NdArray([classes, classes]);
        for (int l = 0; l < classes; l++)
            for (int k = 0; k < classes; k++) compatibility[l, k] = matrix ? -mu[l, k] : l == k ? 0 : -1;
        var unary = new NdArray([count, classes], [.. logits.Of(0).SelectMany(p => p).Select(x => new Real(x))]);
        var expected = ReferenceFunctions.Softmax(
            MeanFieldReference.Run(unary, [(Filter(bilateral), NdArray.Of(4).Reshape(1)), (Filter(spatial), NdArray.Of(2).Reshape(1))], compatibility, 5), 1);
        for (int p = 0; p < count; p++)
            for (int c = 0; c < classes; c++) Assert.Equal(expected[p, c].Value, actual[c * count + p], 2e-5);

        Func<Real[], Real[]> Filter(double[][] features)
        {
            if (!exact) return FilterCases.LatticeFilter(features, FilterNormalization.Symmetric);
            double[,] k = MeanFieldReference.Gaussian(features, before: true, after: true);
            return x => MeanFieldReference.Apply(k, x);
        }
    }

    /// <summary>A third of the labels is wrong; the image tells nearly all of them.</summary>
    [Theory(Timeout = 120_000)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Noisy_labels_follow_the_image(bool exact)
    {
        await Task.Yield();
        using var lease = TestDevices.Lease();
        using var scope = lease.Device.Scope();
        const int height = 40, width = 48, count = height * width;
        int[] regions = CrfPicture.Regions(height, width);
        var random = new Philox(7);
        int[] noisy = [.. regions.Select((region, p) => random.Uniform((uint)p) < 0.5f ? random.Below((uint)(p + count), 3) : region)];
        var logits = lease.Device.Tensor([.. Enumerable.Range(0, 3 * count).Select(i => noisy[i % count] == i / count ? 1f : 0f)], (1, 3, height, width));
        var crf = new DenseCrf(new DenseCrfOptions { Kernels = new CrfKernels { ThetaAlpha = 20, Exact = exact } });
        int[] before = logits.ArgMax(1).ToArray(), after = crf.Forward(logits, CrfPicture.Image(lease.Device, height, width)).ArgMax(1).ToArray();
        double Wrong(int[] labels) => labels.Zip(regions, (a, b) => a == b ? 0.0 : 1).Average();
        Assert.InRange(Wrong(before), 0.28, 0.38);
        Assert.True(Wrong(after) < 0.01, $"{Wrong(after):P1} of the labels are wrong after the CRF, {Wrong(before):P1} before");
    }

    [Fact(Timeout = 120_000)]
    public async Task Without_kernels_or_iterations_logits_stay()
    {
        await Task.Yield();
        using var lease = TestDevices.Lease();
        using var scope = lease.Device.Scope();
        var (logits, image) = (new SampleFeatures([2, 3, 4, 5]).On(lease.Device), lease.Device.Zeros(new Shape(2, 1, 4, 5)));
        Assert.Equal(logits.ToArray(), new DenseCrf(new() { BilateralWeight = 0, SpatialWeight = 0 }).Forward(logits, image).ToArray());
        Assert.Equal(logits.ToArray(), new DenseCrf(new() { Iterations = 0 }).Forward(logits, image).ToArray());
    }

    [Fact(Timeout = 120_000)]
    public async Task A_batch_is_as_its_samples()
    {
        await Task.Yield();
        using var lease = TestDevices.Lease();
        using var scope = lease.Device.Scope();
        var (logits, image) = (new SampleFeatures([3, 4, 6, 5]).On(lease.Device), new SampleFeatures([3, 3, 6, 5], 40).On(lease.Device));
        var crf = new DenseCrf();
        float[] together = crf.Forward(logits, image).ToArray();
        for (int n = 0; n < 3; n++)
        {
            float[] alone = crf.Forward(logits.Slice(0, n, n + 1), image.Slice(0, n, n + 1)).ToArray();
            for (int i = 0; i < alone.Length; i++) Assert.Equal(alone[i], together[n * alone.Length + i], 1e-5f);
        }
    }

    private static void Run(Device device, int[] logits, int[] image, DenseCrfOptions? options = null) =>
        new DenseCrf(options).Forward(device.Zeros(new Shape(logits)), device.Zeros(new Shape(image)));
}
