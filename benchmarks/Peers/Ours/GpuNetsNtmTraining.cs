using GpuNets.Models;

namespace GpuNets.Peers;

/// <summary>Training steps of <see cref="NeuralTuringMachine"/> on one batch: forward, loss in nats, backward, clipping, RMSProp.</summary>
internal sealed class GpuNetsNtmTraining : IWork
{
    private readonly Device _device;
    private readonly NtmSetting _setting;
    private readonly Vars _vars;
    private readonly NeuralTuringMachine _model;
    private readonly RmsProp _optimizer;
    private readonly Tensor _inputs;
    private float _loss;

    public GpuNetsNtmTraining(Device device, NtmSetting setting)
    {
        (_device, _setting) = (device, setting);
        _vars = new Vars(device, GpuNetsArrays.ToState(setting.ForGpuNets()));
        _model = new NeuralTuringMachine(_vars, NtmOptions.CollierBeel(setting.Inputs, setting.Outputs));
        _optimizer = RmsProp.Graves(_vars.Parameters, NtmSetting.LearningRate);
        _optimizer.ClipValue = NtmSetting.GradientLimit;
        _inputs = setting.Batch.InputsOn(device);
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
        var parameters = _vars.Parameters.ToDictionary(parameter => parameter.Path);
        var gradients = _setting.ToPeer(name => parameters[name].Gradient!.ToArray()).ToArray();
        foreach (var parameter in _vars.Parameters) parameter.ClearGradient();
        return TrainingOutputs.Of(_loss, gradients, _setting.ToPeer(name => parameters[name].ToArray()), _setting.Weight);
    }

    public void Dispose() { }

    private void Gradients()
    {
        using var tape = _device.Record();
        var loss = _setting.Batch.Loss(_model.Forward(_inputs));
        tape.Backward(loss);
        _loss = loss.Item();
    }
}
