using GpuNets.Models;

namespace GpuNets.Tests.DilatedNetworks;

/// <summary>Files with the names of torchvision's VGG-16 and of the released networks, at small width.</summary>
public sealed class ImportedWeightsTests
{
    private static readonly VggFrontEndOptions s_front = new() { Classes = 3, Width = 1.0 / 64, HiddenWidth = 5, InnerPadding = true };
    private static readonly int[] s_widths = [1, 1, 2, 2, 4, 4, 4, 8, 8, 8, 8, 8, 8];
    private static readonly string[] s_names =
    [
        "conv1_1", "conv1_2", "conv2_1", "conv2_2", "conv3_1", "conv3_2", "conv3_3", "conv4_1", "conv4_2", "conv4_3", "conv5_1", "conv5_2", "conv5_3",
    ];

    [Theory(Timeout = 60_000)]
    [InlineData(ChannelOrder.Rgb, false)]
    [InlineData(ChannelOrder.Bgr, false)]
    [InlineData(ChannelOrder.Bgr, true)]
    public async Task Torchvision_weights_come_to_their_layers(ChannelOrder order, bool byteScale)
    {
        await Task.Yield();
        using var device = TestDevices.Open();
        using var folder = new TempFolder();
        var vars = new Vars(device, 1);
        var front = new VggFrontEnd(vars["part"], s_front with { Input = order });
        float[] final = Values(front, "final.weight");
        var file = Torchvision();
        file.Save(folder.File("vgg16.safetensors"));
        TorchvisionVgg.Load(front, StateDict.Load(folder.File("vgg16.safetensors")), byteScale);
        int[] places = [0, 2, 5, 7, 10, 12, 14, 17, 19, 21, 24, 26, 28];
        for (int i = 0; i < places.Length; i++)
        {
            if (i > 0) Assert.Equal(file[$"features.{places[i]}.weight"].ToFloats(), Values(front, $"{s_names[i]}.weight"));
            Assert.Equal(file[$"features.{places[i]}.bias"].ToFloats(), Values(front, $"{s_names[i]}.bias"));
        }
        float[] source = file["features.0.weight"].ToFloats(), first = Values(front, "conv1_1.weight"), deviations = [0.229f, 0.224f, 0.225f];
        for (int i = 0; i < source.Length; i++)
        {
            int colour = i / 9 % 3, there = order == ChannelOrder.Bgr ? 2 - colour : colour;
            float expected = byteScale ? source[i] / (255 * deviations[colour]) : source[i];
            Assert.Equal(expected, first[i + (there - colour) * 9], 1e-6f * Math.Abs(expected));
        }
        Assert.Equal(file["classifier.0.weight"].ToFloats(), Values(front, "fc6.weight"));
        Assert.Equal(file["classifier.3.weight"].ToFloats(), Values(front, "fc7.weight"));
        Assert.Equal(file["classifier.3.bias"].ToFloats(), Values(front, "fc7.bias"));
        Assert.Equal(final, Values(front, "final.weight"));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_file_that_does_not_fit_changes_nothing_and_is_told_apart()
    {
        await Task.Yield();
        using var device = TestDevices.Open();
        var vars = new Vars(device, 1);
        var front = new VggFrontEnd(vars, s_front);
        var before = front.Parameters.Select(p => p.ToArray()).ToArray();
        var file = new StateDict();
        foreach (var tensor in Torchvision())
        {
            if (tensor.Name == "features.5.bias") continue;
            file.Add(tensor.Name == "features.28.weight" ? StateTensor.From(tensor.Name, [8, 8, 1, 9], tensor.ToFloats()) : tensor);
        }
        file.Add(StateTensor.From("features.30.weight", [1], [1f]));
        var error = Assert.Throws<StateDictException>(() => TorchvisionVgg.Load(front, file));
        Assert.Equal(["features.5.bias"], error.Missing);
        Assert.Equal(["features.30.weight"], error.Unexpected);
        Assert.Contains("features.28.weight", Assert.Single(error.Mismatched), StringComparison.Ordinal);
        for (int i = 0; i < before.Length; i++) Assert.Equal(before[i], front.Parameters[i].ToArray());
    }

    [Theory(Timeout = 60_000)]
    [InlineData(true, "ct_", "fc-final", ChannelOrder.Bgr)]
    [InlineData(false, "ctx_", "final", ChannelOrder.Bgr)]
    [InlineData(true, "ctx_", "final", ChannelOrder.Rgb)]
    public async Task A_released_network_comes_whole_or_in_parts(bool blobs, string prefix, string final, ChannelOrder order)
    {
        await Task.Yield();
        using var device = TestDevices.Open();
        using var folder = new TempFolder();
        var options = new DilatedNetworkOptions
        {
            Front = s_front with { Input = order },
            Context = prefix == "ct_" ? ContextOptions.Dilation8(3, ContextKind.Large) : ContextOptions.Dilation10(3),
            Upsampling = prefix == "ct_" ? ScoreUpsampling.Bilinear : ScoreUpsampling.Transposed,
        };
        var model = new DilatedNetwork(new Vars(device, 1), options);
        Released(model, blobs, prefix, final).Save(folder.File("released.safetensors"));
        var file = StateDict.Load(folder.File("released.safetensors"));
        var whole = new DilatedNetwork(new Vars(device, 2), options);
        ReleasedDilation.Load(whole, file);
        foreach (var (expected, actual) in model.Parameters.Zip(whole.Parameters))
        {
            float[] values = expected.ToArray();
            // The file has its first weights in the order blue, green, red.
            if (expected.Path == "front.conv1_1.weight" && order == ChannelOrder.Rgb) values = [.. values[18..27], .. values[9..18], .. values[..9]];
            Assert.Equal(values, actual.ToArray());
        }

        var front = new VggFrontEnd(new Vars(device, 3), options.Front);
        float[] first = Values(front, "final.weight");
        ReleasedDilation.Load(front, file, classifier: false);
        Assert.Equal(first, Values(front, "final.weight"));
        Assert.Equal(Values(whole.Front, "fc6.weight"), Values(front, "fc6.weight"));
        ReleasedDilation.Load(front, file);
        Assert.Equal(Values(whole.Front, "final.weight"), Values(front, "final.weight"));
        var context = new ContextModule(new Vars(device, 3), options.Context);
        ReleasedDilation.Load(context, file);
        foreach (var (expected, actual) in whole.Context!.Parameters.Zip(context.Parameters)) Assert.Equal(expected.ToArray(), actual.ToArray());

        // A network without these layers, and one with more of them.
        var alone = new DilatedNetwork(new Vars(device, 4), options with { Context = null, Upsampling = ScoreUpsampling.None });
        Assert.Contains($"{prefix}fc1", string.Join(' ', Assert.Throws<StateDictException>(() => ReleasedDilation.Load(alone, file)).Unexpected), StringComparison.Ordinal);
        var deep = new ContextModule(new Vars(device, 5), ContextOptions.Dilation10(3) with { Dilations = [1, 1, 2, 4, 8, 16, 32, 64, 128, 1] });
        Assert.Contains($"{prefix}conv8_1.weight", Assert.Throws<StateDictException>(() => ReleasedDilation.Load(deep, file)).Missing);
    }

    private static float[] Values(VggFrontEnd front, string name) => front.Parameters.Single(p => p.Path == (front.Path.Length == 0 ? name : $"{front.Path}.{name}")).ToArray();

    private static StateDict Torchvision()
    {
        var file = new StateDict();
        int[] places = [0, 2, 5, 7, 10, 12, 14, 17, 19, 21, 24, 26, 28];
        int channels = 3;
        for (int i = 0; i < places.Length; i++)
        {
            Add($"features.{places[i]}.weight", s_widths[i], channels, 3, 3);
            Add($"features.{places[i]}.bias", s_widths[i]);
            channels = s_widths[i];
        }
        Add("classifier.0.weight", 5, 8 * 49);
        Add("classifier.0.bias", 5);
        Add("classifier.3.weight", 5, 5);
        Add("classifier.3.bias", 5);
        Add("classifier.6.weight", 1000, 5);
        Add("classifier.6.bias", 1000);
        return file;

        void Add(string name, params long[] shape)
        {
            var random = new Philox(1).Fork(name);
            float[] values = [.. Enumerable.Range(0, (int)shape.Aggregate((a, b) => a * b)).Select(i => (float)random.Normal((uint)i))];
            file.Add(StateTensor.From(name, shape, values));
        }
    }

    /// <summary>The parameters of a network under the names of the released files.</summary>
    private static StateDict Released(DilatedNetwork network, bool blobs, string prefix, string final)
    {
        var file = new StateDict();
        foreach (var parameter in network.Parameters)
        {
            string[] parts = parameter.Path.Split('.');
            string layer = parts[0] == "front" ? parts[1] == "final" ? final : parts[1] : prefix + (parts[0] == "context" ? parts[1] : "upsample");
            string last = blobs ? parts[^1] == "weight" ? "0" : "1" : parts[^1];
            file.Add(StateTensor.From($"{layer}.{last}", [.. parameter.Shape.Select(size => (long)size)], parameter.ToArray()));
        }
        return file;
    }
}
