using GpuNets;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;
using Tensor = TorchSharp.torch.Tensor;

namespace TorchPeers;

/// <summary>
/// Writes what PyTorch's normalisations, pooling, resizing and padding give for small inputs, with gradients, as a file that the tests
/// compare with: <c>GpuNets.Peers --golden tests/GpuNets.Tests/Normalization/Golden normalization</c>.
/// </summary>
internal static class NormalizationGolden
{
    public static void Write(string folder)
    {
        manual_seed(30);
        var state = new StateDict();
        Tensor runningMean = zeros(6), runningVariance = ones(6);
        Case(state, "batch_norm", x => batch_norm(x[0], runningMean, runningVariance, x[1], x[2], training: true, momentum: 0.1, eps: 1e-5), [4, 6, 5, 7], [6], [6]);
        Keep(state, "batch_norm.running_mean", runningMean);
        Keep(state, "batch_norm.running_var", runningVariance);
        Case(state, "batch_norm_vectors", x => batch_norm(x[0], null, null, x[1], x[2], training: true), [9, 6], [6], [6]);
        Case(state, "group_norm", x => group_norm(x[0], 3, x[1], x[2]), [3, 6, 5, 7], [6], [6]);
        Case(state, "layer_norm", x => layer_norm(x[0], [33], x[1], x[2]), [5, 33], [33], [33]);
        Case(state, "max_pool", x => max_pool2d(x[0], 3, 2, 1), [2, 3, 9, 8]);
        Case(state, "max_pool_ceil", x => max_pool2d(x[0], 3, 2, 1, ceil_mode: true), [2, 3, 8, 8]);
        Case(state, "average_pool", x => avg_pool2d(x[0], 3, 2, 1), [2, 3, 9, 8]);
        Case(state, "average_pool_ceil", x => avg_pool2d(x[0], 3, 2, 1, ceil_mode: true, count_include_pad: false), [2, 3, 8, 8]);
        Case(state, "adaptive_average_pool", x => adaptive_avg_pool2d(x[0], [3, 4]), [2, 3, 8, 9]);
        Case(state, "resize_nearest", x => interpolate(x[0], [7, 11], mode: InterpolationMode.Nearest), [2, 3, 4, 5]);
        Case(state, "resize_linear", x => interpolate(x[0], [7, 11], mode: InterpolationMode.Bilinear, align_corners: false), [2, 3, 4, 5]);
        Case(state, "resize_corners", x => interpolate(x[0], [7, 11], mode: InterpolationMode.Bilinear, align_corners: true), [2, 3, 4, 5]);
        Case(state, "pad_reflect", x => pad(x[0], [3, 2, 1, 2], mode: TorchSharp.PaddingModes.Reflect), [2, 3, 4, 5]);
        Case(state, "pad_replicate", x => pad(x[0], [3, 2, 1, 2], mode: TorchSharp.PaddingModes.Replicate), [2, 3, 4, 5]);
        Case(state, "pad_circular", x => pad(x[0], [3, 2, 1, 2], mode: TorchSharp.PaddingModes.Circular), [2, 3, 4, 5]);
        state.Metadata["made_by"] = $"libtorch {__version__}";
        Directory.CreateDirectory(folder);
        state.Save(Path.Combine(folder, "normalization.safetensors"));
    }

    private static void Case(StateDict state, string name, Func<Tensor[], Tensor> function, params long[][] shapes)
    {
        using var scope = NewDisposeScope();
        Tensor[] inputs = [.. shapes.Select(shape => randn(shape, requires_grad: true))];
        var output = function(inputs);
        var gradient = randn_like(output);
        output.backward([gradient]);
        for (int n = 0; n < inputs.Length; n++)
        {
            Keep(state, $"{name}.input{n}", inputs[n]);
            Keep(state, $"{name}.input{n}.gradient", inputs[n].grad!);
        }
        Keep(state, $"{name}.output", output);
        Keep(state, $"{name}.output.gradient", gradient);
    }

    private static void Keep(StateDict state, string name, Tensor values) =>
        state.Add(StateTensor.From(name, values.shape, values.detach().contiguous().data<float>().ToArray()));
}
