using GpuNets.Models;

namespace GpuNets.Peers;

/// <summary>Training steps of <see cref="Transformer"/> on one batch: forward, mean cross-entropy, backward, Adam.</summary>
internal sealed class GpuNetsTransformerTraining : IWork
{
    private readonly Device _device;
    private readonly Transformer _model;
    private readonly Adam _optimizer;
    private readonly TransformerBatch _batch;
    private float _loss;

    public GpuNetsTransformerTraining(Device device, TransformerSetting setting)
    {
        _device = device;
        _model = new Transformer(new Vars(device, GpuNetsArrays.ToState(setting.Weights)), setting.Model);
        _optimizer = new Adam(_model.Parameters, TransformerSetting.LearningRate);
        _batch = new TransformerBatch(_model.Options, setting.Sources, setting.Targets);
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
        return TransformerSetting.Compared(_loss, gradients);
    }

    public void Dispose() { }

    private void Gradients()
    {
        using var tape = _device.Record();
        var loss = _model.Loss(_batch);
        tape.Backward(loss);
        _loss = loss.Item();
    }
}
