using GpuNets.Peers;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchPeers;

/// <summary>Training steps of the same network in TorchSharp: VGG-16 with inner padding, pool4 and pool5 left out, then the context module.</summary>
internal sealed class TorchDilatedTraining : TorchTraining
{
    private static readonly int[] s_convolutions = [2, 2, 3, 3, 3];

    private readonly DilatedSetting _setting;
    private readonly Tensor _images, _labels;

    public TorchDilatedTraining(DilatedSetting setting, ScalarType type = ScalarType.Float32)
    {
        _setting = setting;
        Parameters = setting.Weights.ToParameters(type);
        Optimizer = optim.SGD(Parameters.Values, DilatedSetting.LearningRate, DilatedSetting.Momentum, weight_decay: DilatedSetting.WeightDecay);
        _images = setting.Images.ToOwn(type);
        _labels = tensor(setting.Labels.Select(label => (long)label).ToArray(), [setting.Batch, setting.Rows, setting.Columns]);
    }

    protected override OrderedDictionary<string, Parameter> Parameters { get; }

    protected override optim.Optimizer Optimizer { get; }

    protected override Tensor Loss() => nn.functional.cross_entropy(Forward(_images), _labels, ignore_index: DilatedSetting.Void);

    public override void Dispose()
    {
        base.Dispose();
        _images.Dispose();
        _labels.Dispose();
    }

    private Tensor Forward(Tensor x)
    {
        for (int block = 1; block <= s_convolutions.Length; block++)
        {
            for (int k = 1; k <= s_convolutions[block - 1]; k++) x = Convolve(x, $"front.conv{block}_{k}", block == 5 ? 2 : 1).relu_();
            if (block <= 3) x = nn.functional.max_pool2d(x, 2, 2, ceil_mode: true);
        }
        x = Convolve(x, "front.fc6", 4).relu_();
        x = Convolve(x, "front.fc7", 1).relu_();
        x = Convolve(x, "front.final", 1);
        string[] layers = [.. _setting.Weights.Select(weight => weight.Name).Where(name => name.StartsWith("context.", StringComparison.Ordinal) && name.EndsWith(".weight", StringComparison.Ordinal)).Select(name => name[..^".weight".Length])];
        for (int i = 0; i < layers.Length - 1; i++) x = Convolve(x, layers[i], _setting.Network.Context!.Dilations[i]).relu_();
        return Convolve(x, layers[^1], 1);
    }

    private Tensor Convolve(Tensor x, string name, long dilation)
    {
        var weight = Parameters[$"{name}.weight"];
        long padding = dilation * (weight.shape[2] / 2);
        return nn.functional.conv2d(x, weight, Parameters[$"{name}.bias"], [1, 1], [padding, padding], [dilation, dilation]);
    }
}
