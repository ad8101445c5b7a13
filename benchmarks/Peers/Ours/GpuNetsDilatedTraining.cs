using GpuNets.Models;

namespace GpuNets.Peers;

/// <summary>Training steps of <see cref="DilatedNetwork"/> on one batch: forward, mean cross-entropy of the cells that count, backward, SGD.</summary>
internal sealed class GpuNetsDilatedTraining : IWork
{
    private readonly Device _device;
    private readonly DilatedNetwork _model;
    private readonly Sgd _optimizer;
    private readonly Tensor _images;
    private readonly IndexTensor _labels;
    private float _loss;

    public GpuNetsDilatedTraining(Device device, DilatedSetting setting)
    {
        _device = device;
        _model = new DilatedNetwork(new Vars(device, GpuNetsArrays.ToState(setting.Weights)), setting.Network);
        _optimizer = new Sgd(_model.Parameters, DilatedSetting.LearningRate, DilatedSetting.Momentum, weightDecay: DilatedSetting.WeightDecay);
        _images = setting.Images.ToGpuNets(device);
        _labels = device.Indices(setting.Labels, (setting.Batch, setting.Rows, setting.Columns), DilatedSetting.Void + 1);
    }

    public void Run()
    {
        Gradients();
        _optimizer.Step();
        _device.Synchronize();
    }

    public IReadOnlyList<HostArray> Outputs()
    {
        Gradients();
        HostArray[] gradients = [.. _model.Parameters.Select(parameter => parameter.Gradient!.ToHost(parameter.Path))];
        foreach (var parameter in _model.Parameters) parameter.ClearGradient();
        return TrainingOutputs.Of(_loss, gradients);
    }

    public void Dispose() { }

    private void Gradients()
    {
        using var tape = _device.Record();
        var loss = _model.Forward(_images).CrossEntropy(_labels, DilatedSetting.Void, axis: 1);
        tape.Backward(loss);
        _loss = loss.Item();
    }
}
