using GpuNets;
using TorchSharp.Modules;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace TorchPeers;

/// <summary>
/// Writes what scaled_dot_product_attention and nn.MultiheadAttention give for small inputs, with gradients, as files that the tests compare
/// with: <c>GpuNets.Peers --golden tests/GpuNets.Tests/Attention/Golden attention</c>.
/// </summary>
internal static class AttentionGolden
{
    private const int Batch = 2, Heads = 3, Queries = 5, Keys = 7, Size = 4, ValueSize = 6;

    public static void Write(string folder)
    {
        manual_seed(21);
        Product(Path.Combine(folder, "product.safetensors"), Queries, Keys, causal: false, masked: false);
        Product(Path.Combine(folder, "product_causal.safetensors"), Keys, Keys, causal: true, masked: false);
        Product(Path.Combine(folder, "product_biased.safetensors"), Queries, Keys, causal: false, masked: true);
        Layer(Path.Combine(folder, "layer.safetensors"), 12, 12, 12);
        Layer(Path.Combine(folder, "layer_sizes.safetensors"), 12, 5, 5);
    }

    private static void Product(string path, int queries, int keys, bool causal, bool masked)
    {
        using var scope = NewDisposeScope();
        var query = randn(Batch, Heads, queries, Size, requires_grad: true);
        var key = randn(Batch, Heads, keys, Size, requires_grad: true);
        var value = randn(Batch, Heads, keys, ValueSize, requires_grad: true);
        var bias = masked ? randn(1, Heads, queries, keys, requires_grad: true) : null;
        var output = nn.functional.scaled_dot_product_attention(query, key, value, bias!, is_casual: causal);
        Save(path, output, [], ("query", query), ("key", key), ("value", value), ("bias", bias));
    }

    /// <summary>Batch second, as nn.MultiheadAttention has it; the lengths are a key padding mask there.</summary>
    private static void Layer(string path, int size, int keyInputs, int valueInputs)   // libtorch takes no keys and values of different sizes
    {
        using var scope = NewDisposeScope();
        using var layer = nn.MultiheadAttention(size, Heads, kdim: keyInputs, vdim: valueInputs);
        foreach (var (name, parameter) in layer.named_parameters())
            if (name.EndsWith("bias", StringComparison.Ordinal)) nn.init.normal_(parameter);   // PyTorch's are zeros
        var query = randn(Queries, Batch, size, requires_grad: true);
        var key = randn(Keys, Batch, keyInputs, requires_grad: true);
        var value = randn(Keys, Batch, valueInputs, requires_grad: true);
        int[] lengths = [Keys, 4];
        var padding = arange(Keys).unsqueeze(0).ge(tensor(lengths.Select(length => (long)length).ToArray()).unsqueeze(1));
        var (output, _) = layer.call(query, key, value, padding, need_weights: false, null!);
        Save(path, output, lengths, [("query", query), ("key", key), ("value", value), .. layer.named_parameters().Select(entry => (entry.name, (Tensor?)entry.parameter))]);
    }

    private static void Save(string path, Tensor output, int[] lengths, params (string Name, Tensor? Values)[] inputs)
    {
        var state = new StateDict();
        void Keep(string name, Tensor values) => state.Add(StateTensor.From(name, values.shape, values.detach().contiguous().data<float>().ToArray()));
        var gradient = randn_like(output);
        output.backward([gradient]);
        foreach (var (name, values) in inputs)
        {
            if (values is null) continue;
            Keep(name, values);
            Keep(name + ".gradient", values.grad!);
        }
        if (lengths.Length > 0) state.Add(StateTensor.From("lengths", [lengths.Length], lengths));
        Keep("output", output);
        Keep("output.weight", gradient);
        state.Metadata["made_by"] = $"libtorch {__version__}";
        state.Save(path);
    }
}
