using System.Reflection;

namespace GpuNets.Tests.Attention;

/// <summary>
/// Values and gradients of PyTorch's scaled_dot_product_attention and nn.MultiheadAttention. The files come from
/// benchmarks/Peers/Golden/AttentionGolden.cs.
/// </summary>
public sealed class AttentionGoldenTests
{
    [Theory(Timeout = 60_000)]
    [InlineData("product")]
    [InlineData("product_causal")]
    [InlineData("product_biased")]
    public async Task A_product_equals_PyTorch(string name)
    {
        await Task.Yield();
        using var lease = TestDevices.Lease();
        var golden = Load(name);
        using var tape = lease.Device.Record();
        Tensor Read(string input) => tape.Watch(Tensor(lease.Device, golden, input));
        Tensor query = Read("query"), key = Read("key"), value = Read("value");
        var bias = golden.Names.Contains("bias") ? Read("bias") : null;
        var output = query.Attention(key, value, new AttentionOptions { Causal = name == "product_causal" ? CausalMask.FromStart : CausalMask.None, Bias = bias });
        Check(golden, "output", output);
        tape.Backward(output, Tensor(lease.Device, golden, "output.weight"));
        Check(golden, "query.gradient", tape.Gradient(query)!);
        Check(golden, "key.gradient", tape.Gradient(key)!);
        Check(golden, "value.gradient", tape.Gradient(value)!);
        if (bias is not null) Check(golden, "bias.gradient", tape.Gradient(bias)!);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("layer")]
    [InlineData("layer_sizes")]
    public async Task A_layer_equals_PyTorch(string name)
    {
        await Task.Yield();
        using var lease = TestDevices.Lease();
        var (device, golden) = (lease.Device, Load(name));
        Tensor Read(string input) => Tensor(device, golden, input);
        var vars = new Vars(device);
        int size = (int)golden["query"].Shape[2];
        var layer = new MultiHeadAttention(vars, size, 3, new MultiHeadAttentionOptions
        {
            KeyInputs = (int)golden["key"].Shape[2],
            ValueInputs = (int)golden["value"].Shape[2],
        });
        foreach (var parameter in vars.Parameters) parameter.Assign(golden[parameter.Path].ToFloats());
        using (var tape = device.Record())
        {
            // PyTorch has the batch second.
            var inputs = new[] { "query", "key", "value" }.Select(input => tape.Watch(Read(input))).ToArray();
            var turned = inputs.Select(input => input.Permute(1, 0, 2)).ToArray();
            var output = layer.Forward(turned[0], turned[1], turned[2], new AttentionOptions { Lengths = device.Indices(golden["lengths"].ToInt32()) }).Permute(1, 0, 2);
            Check(golden, "output", output);
            tape.Backward(output, Read("output.weight"));
            Check(golden, "query.gradient", tape.Gradient(inputs[0])!);
            Check(golden, "key.gradient", tape.Gradient(inputs[1])!);
            Check(golden, "value.gradient", tape.Gradient(inputs[2])!);
            foreach (var parameter in vars.Parameters) Check(golden, parameter.Path + ".gradient", parameter.Gradient!);
        }
        foreach (var parameter in vars.Parameters)
        {
            parameter.GradientBuffer!.Free();
            parameter.Buffer.Free();
        }
    }

    private static Tensor Tensor(Device device, StateDict golden, string name) =>
        device.Tensor(golden[name].ToFloats(), new Shape([.. golden[name].Shape.Select(size => (int)size)]));

    private static StateDict Load(string kind)
    {
        string name = $"{typeof(AttentionGoldenTests).Namespace}.Golden.{kind}.safetensors";
        using var folder = new TempFolder();
        string path = folder.File("golden.safetensors");
        using (var resource = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!)
        using (var file = File.Create(path)) resource.CopyTo(file);
        return StateDict.Load(path);
    }

    // Both are float code: relative to the largest value, since small ones are differences.
    private static void Check(StateDict golden, string name, Tensor actual)
    {
        float[] expected = golden[name].ToFloats(), values = actual.ToArray();
        Assert.Equal(expected.Length, values.Length);
        float scale = expected.Max(MathF.Abs);
        for (int i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs(expected[i] - values[i]) <= 1e-5f * scale, $"{name}[{i}]: {values[i]:R}, PyTorch has {expected[i]:R} (largest {scale})");
    }
}
