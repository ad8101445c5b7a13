using GpuNets;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using Tensor = TorchSharp.torch.Tensor;

namespace TorchPeers;

/// <summary>
/// Writes what convolutions of libtorch give for small inputs, with gradients, as one file per case that the tests compare with:
/// <c>GpuNets.Peers --golden tests/GpuNets.Tests/Convolution/Golden convolution</c>. Computed in double precision and rounded, so that a file holds the nearest floats.
/// </summary>
internal static class ConvGolden
{
    public static void Write(string folder)
    {
        manual_seed(30);
        Write(folder, "conv1d", [3, 4, 17], [6, 4, 3], 6, (x, w, b) => functional.conv1d(x, w, b, 1, 1));
        Write(folder, "conv1d-dilated-groups", [2, 6, 23], [4, 3, 4], 4, (x, w, b) => functional.conv1d(x, w, b, 2, 5, 3, 2));
        Write(folder, "conv2d", [2, 5, 9, 11], [7, 5, 3, 3], 7, (x, w, b) => functional.conv2d(x, w, b, [1, 1], [1, 1]));
        Write(folder, "conv2d-stride", [2, 3, 12, 13], [8, 3, 5, 3], 8, (x, w, b) => functional.conv2d(x, w, b, [2, 3], [2, 1]));
        Write(folder, "conv2d-dilation", [1, 4, 14, 15], [5, 4, 3, 3], 5, (x, w, b) => functional.conv2d(x, w, b, [1, 1], [4, 2], [4, 2]));
        Write(folder, "conv2d-groups", [2, 6, 7, 8], [9, 2, 3, 3], 9, (x, w, b) => functional.conv2d(x, w, b, [1, 1], [1, 1], [1, 1], 3));
        Write(folder, "conv2d-depthwise", [2, 6, 9, 8], [6, 1, 3, 3], 6, (x, w, b) => functional.conv2d(x, w, b, [2, 2], [1, 1], [1, 1], 6));
        Write(folder, "conv-transpose1d", [2, 5, 9], [5, 4, 4], 4, (x, w, b) => functional.conv_transpose1d(x, w, b, 3, 1, 2));
        Write(folder, "conv-transpose2d", [2, 4, 6, 5], [4, 6, 3, 3], 6, (x, w, b) => functional.conv_transpose2d(x, w, b, [2, 2], [1, 1], [1, 1]));
        Write(
            folder, "conv-transpose2d-groups", [1, 6, 5, 6], [6, 2, 3, 4], 4,
            (x, w, b) => functional.conv_transpose2d(x, w, b, [2, 3], [1, 0], [1, 1], [2, 1], 2));
    }

    private static void Write(string folder, string name, long[] input, long[] weight, long outputs, Func<Tensor, Tensor, Tensor, Tensor> run)
    {
        using var scope = NewDisposeScope();
        var state = new StateDict();
        void Keep(string key, Tensor values) =>
            state.Add(StateTensor.From(key, values.shape, values.detach().to_type(ScalarType.Float32).contiguous().data<float>().ToArray()));
        // Floats, so that both sides begin with the same numbers.
        Tensor Leaf(long[] shape) => randn(shape).to_type(ScalarType.Float64).requires_grad_();
        Tensor x = Leaf(input), w = Leaf(weight), b = Leaf([outputs]);
        var y = run(x, w, b);
        var gradient = randn(y.shape).to_type(ScalarType.Float64);
        y.backward([gradient]);
        Keep("input", x);
        Keep("weight", w);
        Keep("bias", b);
        Keep("output", y);
        Keep("output.weight", gradient);
        Keep("input.gradient", x.grad!);
        Keep("weight.gradient", w.grad!);
        Keep("bias.gradient", b.grad!);
        state.Metadata["made_by"] = $"libtorch {__version__}";
        state.Save(Path.Combine(folder, name + ".safetensors"));
    }
}
