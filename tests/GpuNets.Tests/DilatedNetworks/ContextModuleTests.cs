using GpuNets.Models;

namespace GpuNets.Tests.DilatedNetworks;

/// <summary>The context module: what it sees, what it computes, how it begins.</summary>
public sealed class ContextModuleTests
{
    public static TheoryData<string, int[], int> Fields => new()
    {
        { "Dilation7", [.. ContextOptions.Dilation7(1).Dilations], 35 },
        { "Dilation8", [.. ContextOptions.Dilation8(1).Dilations], 67 },
        { "Dilation10", [.. ContextOptions.Dilation10(1).Dilations], 259 },
        { "one layer", [1], 3 },
        { "two layers", [1, 2], 7 },
        { "three layers", [1, 2, 4], 15 },
        { "four layers", [1, 2, 4, 8], 31 },
        { "undilated", [1, 1, 1, 1, 1, 1, 1], 15 },
    };

    [Theory(Timeout = 300_000), MemberData(nameof(Fields))]
    public async Task Sees_exactly_its_receptive_field(string name, int[] dilations, int field)
    {
        await Task.Yield();
        foreach (var padding in Enum.GetValues<ContextPadding>())
        {
            var options = new ContextOptions { Classes = 1, Dilations = dilations, Padding = padding };
            Assert.Equal(field, options.ReceptiveField);
            using var device = TestDevices.Open();
            var module = new ContextModule(new Vars(device), options);
            Assert.Equal(field, module.ReceptiveField);
            foreach (var weight in module.Parameters.Where(p => p.Shape.Rank == 4)) weight.Assign([.. Enumerable.Repeat(0.25f, weight.Count)]);
            // Two cells more at each side, and all values positive, so that no truncation hides a path.
            int size = field + 4, middle = size / 2;
            using var tape = device.Record();
            var x = tape.Watch(device.Tensor([.. Enumerable.Repeat(1f, size * size)], (1, 1, size, size)));
            var y = module.Forward(x);
            Assert.Equal(x.Shape, y.Shape);
            float[] one = new float[size * size];
            one[middle * size + middle] = 1;
            tape.Backward(y, device.Tensor(one, y.Shape));
            float[] seen = tape.Gradient(x)!.ToArray();
            for (int i = 0; i < seen.Length; i++)
            {
                bool expected = Math.Max(Math.Abs(i / size - middle), Math.Abs(i % size - middle)) <= field / 2;
                Assert.True(expected == (seen[i] != 0), $"{name}, {padding}: the gradient at ({i / size}, {i % size}) is {seen[i]}.");
            }
        }
    }

    [Theory(Timeout = 300_000)]
    [InlineData(ContextKind.Basic, ContextPadding.PerLayer, true)]
    [InlineData(ContextKind.Basic, ContextPadding.InputZeros, true)]
    [InlineData(ContextKind.Basic, ContextPadding.InputReflection, false)]
    [InlineData(ContextKind.Large, ContextPadding.PerLayer, false)]
    [InlineData(ContextKind.Large, ContextPadding.InputZeros, true)]
    [InlineData(ContextKind.Large, ContextPadding.InputReflection, true)]
    public async Task Computes_what_the_paper_says(ContextKind kind, ContextPadding padding, bool truncation)
    {
        await Task.Yield();
        using var device = TestDevices.Open();
        var options = new ContextOptions
        {
            Classes = 3,
            Kind = kind,
            Dilations = [1, 1, 2, 3, 1],
            Padding = padding,
            Truncation = truncation,
            Initialization = ContextInitialization.Xavier,
        };
        var vars = new Vars(device, 3);
        var module = new ContextModule(vars, options);
        foreach (var bias in module.Parameters.Where(p => p.Shape.Rank == 1))
            bias.Assign([.. Enumerable.Range(0, bias.Count).Select(i => 0.1f * (i % 5 - 2))]);
        // Lower than the radius of 8: the reflection goes back and forth.
        const int height = 6, width = 11;
        float[] x = [.. Enumerable.Range(0, 2 * 3 * height * width).Select(i => (float)new Philox(6).Normal((uint)i))];
        using var scope = device.Scope();
        float[] actual = module.Forward(device.Tensor(x, (2, 3, height, width))).ToArray();
        double[] expected = ContextReference.Forward(module, x, 2, height, width);
        double scale = expected.Max(Math.Abs);
        Assert.True(scale > 0.05);
        for (int i = 0; i < expected.Length; i++) Assert.Equal(expected[i], actual[i], 1e-5 * scale);
    }

    [Theory(Timeout = 300_000)]
    [InlineData(ContextKind.Basic, 0.0)]
    [InlineData(ContextKind.Large, 0.0)]
    public async Task Begins_as_the_identity(ContextKind kind, double sigma)
    {
        await Task.Yield();
        using var device = TestDevices.Open();
        foreach (bool truncation in (bool[])[true, false])
        {
            var options = ContextOptions.Dilation8(5, kind) with { Sigma = sigma, Truncation = truncation };
            var module = new ContextModule(new Vars(device, 1), options);
            using var scope = device.Scope();
            float[] x = [.. Enumerable.Range(0, 2 * 5 * 9 * 7).Select(i => 3 * (float)new Philox(6).Normal((uint)i))];
            float[] y = module.Forward(device.Tensor(x, (2, 5, 9, 7))).ToArray();
            // Basic adds nothing but zeros; Large sums up to 32 equal parts.
            for (int i = 0; i < x.Length; i++)
            {
                float expected = truncation ? Math.Max(x[i], 0) : x[i];
                Assert.Equal(expected, y[i], kind == ContextKind.Basic ? 0f : 2e-6f * Math.Abs(expected));
            }
        }
    }

    [Theory(Timeout = 300_000)]
    [InlineData(ContextKind.Basic, null, 0.0)]
    [InlineData(ContextKind.Basic, 0.01, 0.01)]
    [InlineData(ContextKind.Large, null, 0.01)]
    [InlineData(ContextKind.Large, 0.002, 0.002)]
    public async Task Identity_weights_are_those_of_equation_5(ContextKind kind, double? sigma, double share)
    {
        await Task.Yield();
        using var device = TestDevices.Open();
        const int classes = 6;
        var module = new ContextModule(new Vars(device, 1), ContextOptions.Dilation8(classes, kind) with { Sigma = sigma });
        foreach (var parameter in module.Parameters)
        {
            float[] values = parameter.ToArray();
            if (parameter.Shape.Rank == 1)
            {
                Assert.All(values, value => Assert.Equal(0f, value));
                continue;
            }
            int outputs = parameter.Shape[0], inputs = parameter.Shape[1], taps = values.Length / outputs / inputs;
            double squares = 0;
            int others = 0;
            for (int i = 0; i < values.Length; i++)
            {
                int b = i / taps / inputs, a = i / taps % inputs;
                // Groups of neighbouring maps: those of class c are c width / C to (c + 1) width / C - 1.
                if (i % taps == taps / 2 && a / (inputs / classes) == b / (outputs / classes))
                {
                    Assert.Equal((float)classes / outputs, values[i]);
                    continue;
                }
                squares += values[i] * (double)values[i];
                others++;
            }
            double expected = share * classes / outputs;
            // The deviation of n numbers is off by 1 / sqrt(2 n) of it; five times that never happens.
            Assert.InRange(Math.Sqrt(squares / others), expected * (1 - 5 / Math.Sqrt(2.0 * others)), expected * (1 + 5 / Math.Sqrt(2.0 * others)));
        }
    }

    [Fact(Timeout = 300_000)]
    public async Task Padding_changes_the_borders_alone()
    {
        await Task.Yield();
        using var device = TestDevices.Open();
        const int size = 71, classes = 2;
        using var scope = device.Scope();
        var x = device.RandomNormal([1, classes, size, size], new Philox(3));
        float[][] results = [.. Enum.GetValues<ContextPadding>().Select(padding => new ContextModule(
            new Vars(device, 4), ContextOptions.Dilation8(classes) with { Padding = padding, Sigma = 0.2 }).Forward(x).ToArray())];
        foreach (var (one, other) in new[] { (0, 1), (0, 2), (1, 2) })
        {
            double largest = 0;
            for (int i = 0; i < results[0].Length; i++)
            {
                int row = i / size % size, column = i % size;
                double difference = Math.Abs(results[one][i] - results[other][i]);
                if (Math.Min(Math.Min(row, column), size - 1 - Math.Max(row, column)) >= 33) Assert.Equal(0, difference, 1e-5 * results[0].Max(Math.Abs));
                largest = Math.Max(largest, difference);
            }
            Assert.True(largest > 1e-3, $"Paddings {one} and {other} differ by {largest} at most.");
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task Has_the_parameters_of_the_paper()
    {
        await Task.Yield();
        foreach (int classes in (int[])[5, 11, 19, 21]) Assert.Equal(64L * classes * classes, ContextOptions.Dilation8(classes).WeightCount);
        Assert.Equal(28_224, new ContextOptions().WeightCount);
        Assert.Equal(6_801_102, ContextOptions.Dilation8(21, ContextKind.Large).WeightCount);
        Assert.Equal(6_801_102 + 21 * (2 + 2 + 4 + 8 + 16 + 32 + 32 + 1), ContextOptions.Dilation8(21, ContextKind.Large).ParameterCount);
        Assert.Equal((35, 67, 259), (ContextOptions.Dilation7(21).ReceptiveField, ContextOptions.Dilation8(21).ReceptiveField, ContextOptions.Dilation10(21).ReceptiveField));
        using var device = TestDevices.Open();
        foreach (var options in (ContextOptions[])[ContextOptions.Dilation7(3), ContextOptions.Dilation8(3, ContextKind.Large), ContextOptions.Dilation10(2, ContextKind.Large)])
            Assert.Equal(options.ParameterCount, new ContextModule(new Vars(device), options).ParameterCount);
        var module = new ContextModule(new Vars(device), ContextOptions.Dilation10(2) with { Multipliers = [1, 2, 3, 1, 1, 1, 1, 1, 4] });
        string[] layers = ["conv1_1", "conv1_2", "conv2_1", "conv3_1", "conv4_1", "conv5_1", "conv6_1", "conv7_1", "fc1", "final"];
        Assert.Equal(layers.SelectMany(layer => (string[])[$"{layer}.weight", $"{layer}.bias"]), module.Parameters.Select(p => p.Path));
        Assert.Equal([2, 4, 6, 2, 2, 2, 2, 2, 8, 2], module.Parameters.Where(p => p.Shape.Rank == 1).Select(p => p.Count));
    }

    [Fact(Timeout = 60_000)]
    public async Task Settings_and_inputs_that_make_no_sense_are_refused()
    {
        await Task.Yield();
        using var device = TestDevices.Open();
        var options = new ContextOptions();
        foreach (var (wrong, says) in new (ContextOptions, string)[]
        {
            (options with { Classes = 0 }, "Classes is 0"), (options with { Dilations = [] }, "Dilations is empty"), (options with { Dilations = [1, 0] }, "Dilations has 0"),
            (options with { Multipliers = [1] }, "Multipliers has 1 entries for the 7"), (options with { Multipliers = [1, 1, 1, 1, 1, 1, 0] }, "Multipliers has 0"),
            (options with { Sigma = -1 }, "Sigma is -1"), (options with { Sigma = double.NaN }, "Sigma is NaN"), (options with { GaussianDeviation = 0 }, "GaussianDeviation is 0"),
            (options with { Kind = (ContextKind)9 }, "Kind"), (options with { Padding = (ContextPadding)9 }, "Padding"),
        })
        {
            Assert.Contains(says, Assert.Throws<ArgumentException>(() => new ContextModule(new Vars(device), wrong)).Message, StringComparison.Ordinal);
        }
        var module = new ContextModule(new Vars(device), options with { Classes = 3 });
        using var scope = device.Scope();
        foreach (var shape in (Shape[])[(1, 4, 8, 8), (3, 8, 8)])
        {
            string message = Assert.Throws<ShapeException>(() => module.Forward(device.Tensor(new float[shape.Count], shape))).Message;
            Assert.Contains("[N, 3, height, width]", message, StringComparison.Ordinal);
            Assert.Contains(shape.ToString(), message, StringComparison.Ordinal);
        }
    }
}
