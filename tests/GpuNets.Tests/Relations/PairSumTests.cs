namespace GpuNets.Tests.Relations;

/// <summary>The layer against the materialised form, its memory, shared weights, and what it refuses.</summary>
public sealed class PairSumTests
{
    [Theory(Timeout = 60_000)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Equals_the_layers_on_the_tensor_of_all_pairs(bool question)
    {
        await Task.Yield();
        using var device = TestDevices.Open();
        const int batch = 3, objects = 5, size = 4, asked = 6;
        var vars = new Vars(device, seed: 3);
        var layer = new PairSum(vars["g_layers"], size, question ? asked : 0, new PairSumOptions { Widths = [16, 33, 7] });
        Assert.Equal(
            ["g_layers.0.weight", "g_layers.0.bias", "g_layers.1.weight", "g_layers.1.bias", "g_layers.2.weight", "g_layers.2.bias"],
            vars.Parameters.Select(parameter => parameter.Path));
        var random = new Philox(4);
        Tensor Normal(uint stream, params int[] shape) =>
            device.Tensor([.. Enumerable.Range(0, new Shape(shape).Count).Select(i => (float)random.Normal(stream * 1000 + (uint)i))], shape);
        var (o, q, dy) = (Normal(0, batch, objects, size), Normal(1, batch, asked), Normal(2, batch, 7));
        float[][] Gradients(Func<Tensor, Tensor, Tensor> run)
        {
            using var tape = device.Record();
            tape.Watch(o);
            tape.Watch(q);
            var y = run(o, q);
            tape.Backward(y, dy);
            float[][] all = [y.ToArray(), tape.Gradient(o)!.ToArray(), tape.Gradient(q)?.ToArray() ?? [], .. vars.Parameters.Select(p => p.Gradient!.ToArray())];
            foreach (var parameter in vars.Parameters) parameter.ClearGradient();
            return all;
        }
        var ours = Gradients((objectsTensor, asking) => layer.Forward(objectsTensor, question ? asking : null));
        var materialised = Gradients((objectsTensor, asking) =>
        {
            Shape all = [batch, objects, objects, size];
            Tensor[] parts = [objectsTensor.Unsqueeze(2).BroadcastTo(all), objectsTensor.Unsqueeze(1).BroadcastTo(all)];
            if (question) parts = [.. parts, asking.Reshape(batch, 1, 1, asked).BroadcastTo([batch, objects, objects, asked])];
            var x = Tensor.Concatenate(3, parts).Reshape(batch, objects * objects, -1);
            foreach (var linear in layer.Layers) x = linear.Forward(x).Relu();
            return x.Sum(1);
        });
        for (int n = 0; n < ours.Length; n++)
        {
            float largest = materialised[n].Select(MathF.Abs).DefaultIfEmpty().Max();
            Assert.All(ours[n].Zip(materialised[n]), pair => Assert.True(MathF.Abs(pair.First - pair.Second) <= 4e-6f * largest, $"{n}: {pair}"));
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task A_weight_that_two_layers_share_gets_both_gradients()
    {
        await Task.Yield();
        using var lease = TestDevices.Lease();
        float[] Gradient(bool shared)
        {
            using var tape = lease.Device.Record();
            float[] values = [.. Enumerable.Range(0, 16).Select(i => 0.3f * MathF.Sin(i + 1))];
            var left = lease.Device.Tensor([.. Enumerable.Range(0, 24).Select(i => MathF.Cos(i))], (2, 3, 4));
            var w = tape.Watch(lease.Device.Tensor(values, (4, 4)));
            var other = shared ? w : tape.Watch(lease.Device.Tensor(values, (4, 4)));
            var y = Tensor.PairSum(left, left, null, [w, other], [null, null]);
            tape.Backward(y.Sum());
            float[] gradient = tape.Gradient(w)!.ToArray();
            return shared ? gradient : [.. gradient.Zip(tape.Gradient(other)!.ToArray(), (a, b) => a + b)];
        }
        Assert.All(Gradient(true).Zip(Gradient(false)), pair => Assert.Equal(pair.Second, pair.First, 1e-4f));
    }

    [Fact(Timeout = 120_000)]
    public async Task Memory_does_not_grow_with_the_number_of_pairs()
    {
        await Task.Yield();
        using var device = TestDevices.Open();
        var layer = new PairSum(new Vars(device, seed: 1), 8, options: new PairSumOptions { Widths = [32, 32], KeptBytes = 0 });
        long Peak(int objects)
        {
            using var tape = device.Record();
            var o = tape.Watch(device.Tensor([.. Enumerable.Range(0, 2 * objects * 8).Select(i => MathF.Sin(i))], (2, objects, 8)));
            tape.Backward(layer.Forward(o).Sum());
            return device.Memory.PeakBytes;
        }
        long small = Peak(64), large = Peak(128);   // four times as many pairs: 4 MB per layer more if they were stored
        Assert.True(large - small < 1 << 20, $"{small} bytes for 64 objects, {large} for 128");
    }

    [Fact(Timeout = 120_000)]
    public async Task Keeps_activations_within_the_bytes_it_was_given()
    {
        await Task.Yield();
        using var device = TestDevices.Open();
        var vars = new Vars(device, seed: 1);
        long Peak(int index, long bytes)
        {
            var layer = new PairSum(vars[index], 8, options: new PairSumOptions { Widths = [32, 32, 32], KeptBytes = bytes });
            using var tape = device.Record();
            var o = tape.Watch(device.Tensor([.. Enumerable.Range(0, 4 * 96 * 8).Select(i => MathF.Sin(i))], (4, 96, 8)));
            tape.Backward(layer.Forward(o).Sum());
            return device.Memory.PeakBytes;
        }
        const long all = 2L * 4 * 96 * 96 * 32 * sizeof(float);   // two layers of 36864 pairs: 9.4 MB
        long nothing = Peak(0, 0), half = Peak(1, all / 2), everything = Peak(2, all);
        Assert.InRange(half - nothing, all / 4, all / 2 + (1 << 20));
        Assert.InRange(everything - nothing, all * 3 / 4, all + (1 << 20));
    }

    public static TheoryData<string> Refused => [.. s_refused.Keys];

    private static readonly Dictionary<string, (Action<Device> Act, string Message)> s_refused = new()
    {
        ["other shapes of left and right"] = (d => Pairs(Zeros(d, 1, 2, 3), Zeros(d, 1, 2, 4)), "PairSum: left [1, 2, 3] and right [1, 2, 4] must both be [batch, objects, width]."),
        ["a matrix of objects"] = (d => Pairs(Zeros(d, 2, 3), Zeros(d, 2, 3)), "PairSum: left [2, 3] and right [2, 3] must both be [batch, objects, width]."),
        ["a context of another batch"] = (d => Tensor.PairSum(Zeros(d, 2, 2, 3), Zeros(d, 2, 2, 3), Zeros(d, 1, 3), [], []), "PairSum: the context has shape [1, 3], expected [2, 3] for left [2, 2, 3]."),
        ["a weight of another width"] = (d => Tensor.PairSum(Zeros(d, 1, 2, 3), Zeros(d, 1, 2, 3), null, [Zeros(d, 5, 3), Zeros(d, 2, 4)], [null, null]),
            "PairSum: weight 1 has shape [2, 4], expected [out, 5] after a layer of width 5."),
        ["a bias of another width"] = (d => Tensor.PairSum(Zeros(d, 1, 2, 3), Zeros(d, 1, 2, 3), null, [Zeros(d, 5, 3)], [Zeros(d, 3)]),
            "PairSum: bias 0 has shape [3], expected [5] for weight [5, 3]."),
        ["fewer biases than weights"] = (d => Tensor.PairSum(Zeros(d, 1, 2, 3), Zeros(d, 1, 2, 3), null, [Zeros(d, 5, 3)], []), "PairSum: 1 weights need as many biases (or null), got 0."),
        ["objects of another size"] = (d => new PairSum(new Vars(d), 4).Forward(Zeros(d, 1, 2, 3)), "PairSum: objects [1, 2, 3] must be [batch, objects, 4]."),
        ["a question too few"] = (d => new PairSum(new Vars(d), 3, 5).Forward(Zeros(d, 1, 2, 3)), "PairSum: the context is missing, expected [1, 5]."),
        ["a question too many"] = (d => new PairSum(new Vars(d), 3).Forward(Zeros(d, 1, 2, 3), Zeros(d, 1, 5)), "PairSum: the context [1, 5], expected none."),
    };

    [Theory(Timeout = 60_000), MemberData(nameof(Refused))]
    public async Task Is_refused_with_a_message_that_says_what_and_why(string name)
    {
        await Task.Yield();
        var (act, message) = s_refused[name];
        using var device = TestDevices.Open();
        using var scope = device.Scope();
        var error = Assert.Throws<ShapeException>(() => act(device));
        Assert.Equal(message, error.Message);
    }

    private static void Pairs(Tensor left, Tensor right) => Tensor.PairSum(left, right, null, [], []);

    private static Tensor Zeros(Device device, params int[] shape) => device.Tensor(new float[new Shape(shape).Count], shape);
}
