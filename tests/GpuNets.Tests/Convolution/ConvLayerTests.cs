namespace GpuNets.Tests.Convolutions;

/// <summary>Layers of convolutions: names and initial values of parameters, masks, data-dependent initialisation, what they print.</summary>
public sealed class ConvLayerTests
{
    [Fact(Timeout = 60_000)]
    public async Task Parameters_have_the_names_and_shapes_of_PyTorch()
    {
        await Task.Yield();
        using var device = TestDevices.Open();
        var vars = new Vars(device, seed: 1);
        _ = new Conv2d(vars["a"], 4, 6, (3, 5), new Conv2dOptions { Groups = 2 });
        _ = new ConvTranspose2d(vars["b"], 4, 6, 3, new ConvTranspose2dOptions { Bias = false });
        _ = new Conv1d(vars["c"], 2, 3, 4, new Conv1dOptions { WeightNorm = new() });
        _ = new ConvTranspose1d(vars["d"], 2, 3, 4, new ConvTranspose1dOptions { WeightNorm = new() });
        Assert.Equal(
            [
                "a.weight [6, 2, 3, 5]", "a.bias [6]", "b.weight [4, 6, 3, 3]", "c.weight_g [3, 1, 1]", "c.weight_v [3, 2, 4]", "c.bias [3]",
                "d.weight_g [1, 3, 1]", "d.weight_v [2, 3, 4]", "d.bias [3]",
            ],
            vars.Parameters.Select(parameter => $"{parameter.Path} {parameter.Shape}"));
        float bound = 1 / MathF.Sqrt(2 * 3 * 5), largest = vars.Parameters[0].ToArray().Max(MathF.Abs);
        Assert.InRange(largest, 0.9f * bound, bound);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_pixel_sees_only_those_before_it()
    {
        await Task.Yield();
        foreach (var type in new[] { ConvMaskType.A, ConvMaskType.B })
        {
            using var device = TestDevices.Open();
            var layer = new MaskedConv2d(new Vars(device, 1), 6, 3, 3, new MaskedConv2dOptions { Type = type, Colors = 3 });
            const int height = 4, width = 5;
            for (int channel = 0; channel < 3; channel++)
            {
                // The gradient of one output at the middle: where it is not zero, the output looks.
                using var tape = device.Record();
                var x = tape.Watch(device.Tensor(new float[6 * height * width], (1, 6, height, width)));
                float[] one = new float[3 * height * width];
                one[(channel * height + 1) * width + 2] = 1;
                tape.Backward(layer.Forward(x), device.Tensor(one, (1, 3, height, width)));
                float[] seen = tape.Gradient(x)!.ToArray();
                for (int i = 0; i < seen.Length; i++)
                {
                    int color = i / (height * width) / 2, row = i / width % height, column = i % width;
                    bool near = row is 0 or 1 && Math.Abs(column - 2) <= 1;
                    bool before = row == 0 || column < 2, self = row == 1 && column == 2;
                    bool expected = near && (before || (self && (color < channel || (color == channel && type == ConvMaskType.B))));
                    Assert.True(expected == (seen[i] != 0), $"type {type}, output {channel}: input {i} has gradient {seen[i]}");
                }
            }
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task Masked_weights_are_zero_and_stay_so()
    {
        await Task.Yield();
        using var device = TestDevices.Open();
        var vars = new Vars(device, 1);
        var layer = new MaskedConv2d(vars, 2, 2, 3, new MaskedConv2dOptions { WeightNorm = new() });
        var adam = new Adam(vars.Parameters, 0.1f);
        for (int step = 0; step < 3; step++)
        {
            using var tape = device.Record();
            tape.Backward(layer.Forward(device.RandomNormal([2, 2, 5, 5], new Philox((ulong)step))).Square().Sum());
            adam.Step();
        }
        float[] weight = layer.Weight.ToArray();
        for (int i = 0; i < weight.Length; i++) Assert.Equal(i % 9 > 4, weight[i] == 0);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("conv")]
    [InlineData("transposed")]
    [InlineData("masked")]
    public async Task Initialisation_gives_the_outputs_mean_and_deviation(string kind)
    {
        await Task.Yield();
        using var device = TestDevices.Open();
        var vars = new Vars(device, 3);
        var norm = new WeightNormOptions { Deviation = 0.5f };
        ConvLayer layer = kind switch
        {
            "conv" => new Conv2d(vars, 3, 5, 3, new Conv2dOptions { WeightNorm = norm }),
            "transposed" => new ConvTranspose2d(vars, 3, 5, 4, new ConvTranspose2dOptions { WeightNorm = norm, Stride = 2 }),
            _ => new MaskedConv2d(vars, 3, 5, 3, new MaskedConv2dOptions { WeightNorm = norm }),
        };
        using var scope = device.Scope();
        var x = device.RandomUniform([8, 3, 9, 9], new Philox(4), 2f, 5f);
        var y = layer.Initialize(x);
        float[] values = y.ToArray(), again = layer.Forward(x).ToArray();
        Assert.Equal(values, again);
        int plane = y.Shape[2] * y.Shape[3];
        for (int c = 0; c < 5; c++)
        {
            float[] channel = [.. values.Where((_, i) => i / plane % 5 == c)];
            double mean = channel.Average(value => (double)value), deviation = Math.Sqrt(channel.Average(value => (value - mean) * (value - mean)));
            Assert.InRange(mean, -1e-5, 1e-5);
            Assert.InRange(deviation, 0.5 - 1e-5, 0.5 + 1e-5);
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task Initialisation_is_refused_without_weight_norm_and_on_a_tape()
    {
        await Task.Yield();
        using var device = TestDevices.Open();
        var vars = new Vars(device, 3);
        using var scope = device.Scope();
        var x = device.RandomUniform([1, 2, 4, 4], new Philox(4), 0f, 1f);
        var plain = new Conv2d(vars["plain"], 2, 2, 3);
        Assert.Contains("weight normalisation", Assert.Throws<InvalidOperationException>(() => plain.Initialize(x)).Message);
        var norm = new Conv2d(vars["norm"], 2, 2, 3, new Conv2dOptions { WeightNorm = new() });
        using var tape = device.Record();
        Assert.Contains("tape", Assert.Throws<InvalidOperationException>(() => norm.Initialize(x)).Message);
    }

    [Fact(Timeout = 60_000)]
    public async Task Layers_print_what_they_are()
    {
        await Task.Yield();
        using var device = TestDevices.Open();
        var vars = new Vars(device);
        Assert.Equal(
            "Conv2d(4 -> 6, kernel 3, stride 2, padding (top 1, bottom 0, left 0, right 0), dilation (1, 2), groups 2, no bias, weight norm, Relu), 114 parameters",
            new Conv2d(vars["a"], 4, 6, 3, new Conv2dOptions
            {
                Stride = 2,
                Padding = new(1, 0, 0, 0),
                Dilation = (1, 2),
                Groups = 2,
                Bias = false,
                WeightNorm = new(),
                Activation = Activation.Relu,
            }).ToString());
        Assert.Equal("Conv1d(4 -> 6, kernel 3, padding (2, 0)), 78 parameters", new Conv1d(vars["b"], 4, 6, 3, new Conv1dOptions { Padding = (2, 0) }).ToString());
        Assert.Equal("MaskedConv2d(3 -> 6, kernel 7, type A, colors 3), 888 parameters", new MaskedConv2d(vars["c"], 3, 6, 7, new MaskedConv2dOptions { Type = ConvMaskType.A, Colors = 3 }).ToString());
        Assert.Equal("ConvTranspose2d(3 -> 4, kernel (2, 3), stride 2), 76 parameters", new ConvTranspose2d(vars["d"], 3, 4, (2, 3), new ConvTranspose2dOptions { Stride = 2 }).ToString());
        Assert.Equal("ConvTranspose1d(3 -> 4, kernel 2), 28 parameters", new ConvTranspose1d(vars["e"], 3, 4, 2).ToString());
    }
}
