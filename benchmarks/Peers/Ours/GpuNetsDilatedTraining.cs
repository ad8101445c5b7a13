using GpuNets.Models;

namespace GpuNets.Peers;

/// <summary>Training steps of <see cref="DilatedNetwork"/>: mean cross-entropy of the cells that count, SGD.</summary>
internal sealed class GpuNetsDilatedTraining : GpuNetsTraining
{
    private readonly DilatedNetwork _model;
    private readonly Tensor _images;
    private readonly IndexTensor _labels;

    public GpuNetsDilatedTraining(Device device, DilatedSetting setting)
    {
        _model = new DilatedNetwork(new Vars(device, GpuNetsArrays.ToState(setting.Weights)), setting.Network);
        Optimizer = new Sgd(_model.Parameters, DilatedSetting.LearningRate, DilatedSetting.Momentum, weightDecay: DilatedSetting.WeightDecay);
        _images = setting.Images.ToGpuNets(device);
        _labels = device.Indices(setting.Labels, (setting.Batch, setting.Rows, setting.Columns), DilatedSetting.Void + 1);
    }

    protected override Optimizer Optimizer { get; }

    protected override Tensor Loss() => _model.Forward(_images).CrossEntropy(_labels, DilatedSetting.Void, axis: 1);
}
