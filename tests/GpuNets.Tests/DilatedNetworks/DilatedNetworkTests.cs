using GpuNets.Models;

namespace GpuNets.Tests.DilatedNetworks;

/// <summary>The whole network: upsampling, freezing, checkpoints.</summary>
public sealed class DilatedNetworkTests
{
    private static readonly DilatedNetworkOptions s_small = new()
    {
        Front = new VggFrontEndOptions { Classes = 3, Width = 1.0 / 8, HiddenWidth = 16, InnerPadding = true },
        Context = ContextOptions.Dilation7(3) with { Sigma = 0.05 },
    };

    [Fact(Timeout = 300_000)]
    public async Task Bilinear_puts_cell_k_on_pixel_8k_and_goes_on_beyond_the_last()
    {
        await Task.Yield();
        using var device = TestDevices.Open();
        var (cells, pixels) = Both(device, ScoreUpsampling.Bilinear, 24, 40);
        Assert.Equal((3, 5, 24, 40), (cells.Shape[2], cells.Shape[3], pixels.Shape[2], pixels.Shape[3]));
        float[] a = cells.ToArray(), b = pixels.ToArray();
        double scale = a.Max(Math.Abs);
        for (int i = 0; i < b.Length; i++)
        {
            int plane = i / (24 * 40), row = i / 40 % 24, column = i % 40;
            int top = row / 8, bottom = Math.Min(top + 1, 2), left = column / 8, right = Math.Min(left + 1, 4);
            double down = row % 8 / 8.0, along = column % 8 / 8.0;
            double expected = (1 - down) * ((1 - along) * At(top, left) + along * At(top, right)) + down * ((1 - along) * At(bottom, left) + along * At(bottom, right));
            Assert.Equal(expected, b[i], 1e-6 * scale);

            double At(int r, int c) => a[(plane * 3 + r) * 5 + c];
        }
    }

    [Fact(Timeout = 300_000)]
    public async Task Transposed_upsampling_begins_as_interpolation_between_centres()
    {
        await Task.Yield();
        using var device = TestDevices.Open();
        var (cells, pixels) = Both(device, ScoreUpsampling.Transposed, 24, 40);
        Assert.Equal((24, 40), (pixels.Shape[2], pixels.Shape[3]));
        float[] a = cells.ToArray(), b = pixels.ToArray();
        double scale = a.Max(Math.Abs);
        for (int i = 0; i < b.Length; i++)
        {
            int plane = i / (24 * 40), row = i / 40 % 24, column = i % 40;
            // The centre of cell k lies at 8 k + 3.5; there is nothing beyond the border, so that values fade there.
            double y = (row - 3.5) / 8, x = (column - 3.5) / 8, expected = 0;
            for (int r = 0; r < 3; r++)
                for (int c = 0; c < 5; c++) expected += Math.Max(0, 1 - Math.Abs(y - r)) * Math.Max(0, 1 - Math.Abs(x - c)) * a[(plane * 3 + r) * 5 + c];
            Assert.Equal(expected, b[i], 1e-6 * scale);
        }
    }

    [Theory(Timeout = 300_000)]
    [InlineData(ScoreUpsampling.None)]
    [InlineData(ScoreUpsampling.Bilinear)]
    [InlineData(ScoreUpsampling.Transposed)]
    public async Task Probabilities_add_up_to_one(ScoreUpsampling upsampling)
    {
        await Task.Yield();
        using var device = TestDevices.Open();
        var network = new DilatedNetwork(new Vars(device, 2), s_small with { Upsampling = upsampling });
        Sharpen(network);
        using var scope = device.Scope();
        var x = device.RandomNormal([2, 3, 24, 16], new Philox(1));
        float[] p = network.Probabilities(x).ToArray();
        int plane = network.Forward(x).Shape.Product(2, 4);
        Assert.Equal(2 * 3 * plane, p.Length);
        Assert.True(p.Max() > 0.5f, $"largest probability {p.Max()}, scores {string.Join(' ', network.Forward(x).ToArray().Take(9))}");
        for (int i = 0; i < p.Length / 3; i++)
        {
            int first = i / plane * 3 * plane + i % plane;
            Assert.Equal(1, p[first] + p[first + plane] + p[first + 2 * plane], 1e-5f);
        }
        // On lines between probabilities, not probabilities of lines between scores.
        if (upsampling != ScoreUpsampling.Bilinear) return;
        float[] other = network.Forward(x).Softmax(1).ToArray();
        Assert.Contains(p.Zip(other), pair => Math.Abs(pair.First - pair.Second) > 1e-4);
        Assert.Equal(p[0], other[0], 1e-5f);
    }

    [Theory(Timeout = 300_000)]
    [InlineData(true, false)]
    [InlineData(false, false)]
    [InlineData(true, true)]
    public async Task A_frozen_front_end_stays_and_drops_nothing_out(bool frozen, bool learns)
    {
        await Task.Yield();
        using var device = TestDevices.Open();
        var network = new DilatedNetwork(new Vars(device, 2), s_small with { FreezeFrontEnd = frozen, Upsampling = ScoreUpsampling.Transposed, LearnUpsampling = learns });
        Sharpen(network);
        var before = network.Parameters.ToDictionary(p => p.Path, p => p.ToArray());
        var sgd = new Sgd(network.Trainable, 0.1f);
        float[] x = [.. Enumerable.Range(0, 3 * 16 * 16).Select(i => (float)new Philox(4).Normal((uint)i))];
        var outputs = new List<float[]>();
        for (int i = 0; i < 2; i++)
        {
            using var tape = device.Record();
            var y = network.Forward(device.Tensor(x, (1, 3, 16, 16)));
            outputs.Add(y.ToArray());
            if (i == 0) continue;
            tape.Backward(y.Square().Sum());
            sgd.Step();
        }
        Assert.Equal(frozen, outputs[0].SequenceEqual(outputs[1]));
        foreach (var parameter in network.Parameters)
        {
            bool trained = parameter.Path.StartsWith("front", StringComparison.Ordinal) ? !frozen : !parameter.Path.StartsWith("upsample", StringComparison.Ordinal) || learns;
            Assert.Equal(trained, network.Trainable.Contains(parameter));
            // Biases behind dead units may stay.
            if (trained && parameter.Shape.Rank == 1) continue;
            Assert.True(trained != parameter.ToArray().SequenceEqual(before[parameter.Path]), $"{parameter.Path}: trained {trained}");
        }
    }

    [Fact(Timeout = 300_000)]
    public async Task A_checkpoint_gives_the_same_scores()
    {
        await Task.Yield();
        using var device = TestDevices.Open();
        using var folder = new TempFolder();
        var options = s_small with { Upsampling = ScoreUpsampling.Transposed };
        var vars = new Vars(device, 2);
        var network = new DilatedNetwork(vars, options);
        vars.Save(folder.File("network.safetensors"));
        var others = new Vars(device, 3);
        var other = new DilatedNetwork(others, options);
        using var scope = device.Scope();
        var x = device.RandomNormal([1, 3, 24, 16], new Philox(1));
        float[] expected = network.Forward(x).ToArray();
        Assert.NotEqual(expected, other.Forward(x).ToArray());
        others.Load(folder.File("network.safetensors"));
        Assert.Equal(expected, other.Forward(x).ToArray());
        string text = network.ToString();
        foreach (string part in (string[])["front: VggFrontEnd(3 classes", "context: ContextModule(3 classes, Basic", "upsample: ConvTranspose2d"])
            Assert.Contains(part, text, StringComparison.Ordinal);
    }

    [Fact(Timeout = 300_000)]
    public async Task A_front_end_trained_alone_goes_into_a_network()
    {
        await Task.Yield();
        using var device = TestDevices.Open();
        Vars first = new(device, 2), second = new(device, 3);
        var front = new VggFrontEnd(first["front"], s_small.Front);
        var network = new DilatedNetwork(second, s_small with { FreezeFrontEnd = true, Context = s_small.Context! with { Sigma = 0, Truncation = false } });
        second["front"].Load(first["front"].State());
        using var scope = device.Scope();
        var x = device.RandomNormal([1, 3, 24, 16], new Philox(1));
        // The module begins as the identity.
        float[] expected = front.Forward(x).ToArray();
        Assert.True(expected.Max(Math.Abs) > 0);
        Assert.Equal(expected, network.Forward(x).ToArray());
    }

    [Fact(Timeout = 60_000)]
    public async Task Parts_that_do_not_fit_are_refused()
    {
        await Task.Yield();
        using var device = TestDevices.Open();
        foreach (var (wrong, says) in new (DilatedNetworkOptions, string)[]
        {
            (s_small with { Context = ContextOptions.Dilation8(4) }, "Context.Classes is 4 but Front.Classes is 3"), (s_small with { LearnUpsampling = true }, "LearnUpsampling"),
            (s_small with { FreezeFrontEnd = true, Context = null }, "FreezeFrontEnd"), (s_small with { Front = s_small.Front with { Width = -1 } }, "Width is -1"),
            (s_small with { Context = s_small.Context! with { Dilations = [0] } }, "Dilations has 0"),
        })
        {
            Assert.Contains(says, Assert.Throws<ArgumentException>(() => new DilatedNetwork(new Vars(device), wrong)).Message, StringComparison.Ordinal);
        }
    }

    // The last layer of the front end begins near 0, which would hide everything behind it.
    private static void Sharpen(DilatedNetwork network)
    {
        var final = network.Parameters.Single(p => p.Path == "front.final.weight");
        final.Assign([.. final.ToArray().Select(w => 50_000 * w)]);
    }

    private static (Tensor Cells, Tensor Pixels) Both(Device device, ScoreUpsampling upsampling, int height, int width)
    {
        var plain = new DilatedNetwork(new Vars(device, 2), s_small);
        var upsampled = new DilatedNetwork(new Vars(device, 2), s_small with { Upsampling = upsampling });
        Sharpen(plain);
        Sharpen(upsampled);
        var x = device.RandomNormal([2, 3, height, width], new Philox(1));
        return (plain.Forward(x), upsampled.Forward(x));
    }
}
