using GpuNets.Tests.Filters;

namespace GpuNets.Tests.Crf;

/// <summary>The CRF as a layer: equal to the dense CRF where its parameters are, and trained.</summary>
public sealed class CrfRnnTests
{
    private static readonly CrfKernels s_kernels = new() { ThetaAlpha = 15, ThetaBeta = 20, ThetaGamma = 2 };

    [Theory(Timeout = 120_000)]
    [InlineData(CrfWeights.Scalar, false)]
    [InlineData(CrfWeights.PerClass, true)]
    [InlineData(CrfWeights.Matrix, true)]
    public async Task Starts_as_a_dense_CRF(CrfWeights weights, bool compatibility)
    {
        await Task.Yield();
        using var lease = TestDevices.Lease();
        using var scope = lease.Device.Scope();
        var logits = new SampleFeatures([1, 4, 10, 12]).On(lease.Device);
        var image = CrfPicture.Image(lease.Device, 10, 12);
        var layer = new CrfRnn(new Vars(lease.Device), 4, new CrfRnnOptions { Weights = weights, Compatibility = compatibility, Kernels = s_kernels });
        var crf = new DenseCrf(new DenseCrfOptions { BilateralWeight = 5, SpatialWeight = 3, Kernels = s_kernels, Iterations = 5 });
        float[] expected = crf.Forward(logits, image).Softmax(1).ToArray(), actual = layer.Forward(logits, image).Softmax(1).ToArray();
        for (int i = 0; i < actual.Length; i++) Assert.Equal(expected[i], actual[i], 1e-5f);
        Free(layer);
    }

    /// <summary>From weights of 0 the layer learns to smooth, and the loss of noisy labels falls by more than half.</summary>
    [Fact(Timeout = 120_000)]
    public async Task Learns_to_smooth()
    {
        await Task.Yield();
        using var lease = TestDevices.Lease();
        var device = lease.Device;
        const int height = 20, width = 24, count = height * width;
        int[] regions = CrfPicture.Regions(height, width);
        var random = new Philox(7);
        float[] noisy = [.. Enumerable.Range(0, 3 * count).Select(i => (regions[i % count] == i / count ? 1f : 0f) + (float)random.Normal((uint)i))];
        var layer = new CrfRnn(new Vars(device), 3, new CrfRnnOptions { BilateralWeight = 0, SpatialWeight = 0, Kernels = s_kernels, Weights = CrfWeights.PerClass });
        var adam = new Adam(layer.Parameters, learningRate: 0.2f);
        var losses = new List<float>();
        for (int step = 0; step < 40; step++)
        {
            using var tape = device.Record();
            var loss = layer.Forward(device.Tensor(noisy, (1, 3, height, width)), CrfPicture.Image(device, height, width))
                .CrossEntropy(device.Indices(regions, (1, height, width)), axis: 1);
            tape.Backward(loss);
            adam.Step();
            losses.Add(loss.Item());
        }
        Assert.True(losses[^1] < 0.5f * losses[0], $"the loss went from {losses[0]} to {losses[^1]}");
        Assert.All(layer.BilateralWeights.ToArray(), weight => Assert.True(weight > 0.5f, $"a bilateral weight is {weight}"));
    }

    [Fact(Timeout = 120_000)]
    public async Task Parameters_are_named_as_the_authors_name_them()
    {
        await Task.Yield();
        using var lease = TestDevices.Lease();
        var vars = new Vars(lease.Device);
        var layer = new CrfRnn(vars["crfrnn"], 3);
        Assert.Equal(
            ["crfrnn.spatial_ker_weights [3, 3]", "crfrnn.bilateral_ker_weights [3, 3]", "crfrnn.compatibility_matrix [3, 3]"],
            vars.Parameters.Select(p => $"{p.Path} {p.Shape}"));
        Assert.Equal([3f, 0, 0, 0, 3, 0, 0, 0, 3], layer.SpatialWeights.ToArray());
        Assert.Equal([5f, 0, 0, 0, 5, 0, 0, 0, 5], layer.BilateralWeights.ToArray());
        Assert.Equal([1f, 0, 0, 0, 1, 0, 0, 0, 1], layer.Compatibility!.ToArray());
        Free(layer);
    }

    [Fact(Timeout = 120_000)]
    public async Task Logits_of_other_classes_are_refused()
    {
        await Task.Yield();
        using var lease = TestDevices.Lease();
        using var scope = lease.Device.Scope();
        var layer = new CrfRnn(new Vars(lease.Device), 3);
        var error = Assert.Throws<ShapeException>(() => layer.Forward(lease.Device.Zeros(new Shape(1, 4, 5, 5)), lease.Device.Zeros(new Shape(1, 3, 5, 5))));
        Assert.Equal("CrfRnn: the layer has 3 classes, got logits [1, 4, 5, 5].", error.Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => layer.Forward(lease.Device.Zeros(new Shape(1, 3, 5, 5)), lease.Device.Zeros(new Shape(1, 3, 5, 5)), -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new CrfRnn(new Vars(lease.Device), 0));
        Free(layer);
    }

    private static void Free(CrfRnn layer)
    {
        foreach (var parameter in layer.Parameters) parameter.Buffer.Free();
    }
}
