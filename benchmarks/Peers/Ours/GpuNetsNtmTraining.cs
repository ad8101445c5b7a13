using GpuNets.Models;

namespace GpuNets.Peers;

/// <summary>Training steps of <see cref="NeuralTuringMachine"/>: loss in nats, clipping, RMSProp.</summary>
internal sealed class GpuNetsNtmTraining : GpuNetsTraining
{
    private readonly NtmSetting _setting;
    private readonly NeuralTuringMachine _model;
    private readonly Tensor _inputs;

    public GpuNetsNtmTraining(Device device, NtmSetting setting)
    {
        _setting = setting;
        var vars = new Vars(device, GpuNetsArrays.ToState(setting.ForGpuNets()));
        _model = new NeuralTuringMachine(vars, NtmOptions.CollierBeel(setting.Inputs, setting.Outputs));
        Optimizer = RmsProp.Graves(vars.Parameters, NtmSetting.LearningRate);
        Optimizer.ClipValue = NtmSetting.GradientLimit;
        _inputs = setting.Batch.InputsOn(device);
    }

    protected override Optimizer Optimizer { get; }

    protected override Tensor Loss() => _setting.Batch.Loss(_model.Forward(_inputs));

    protected override IReadOnlyList<HostArray> Compared(float loss, IReadOnlyList<HostArray> gradients)
    {
        var byPath = gradients.ToDictionary(gradient => gradient.Name, gradient => gradient.Values);
        var parameters = Optimizer.Parameters.ToDictionary(parameter => parameter.Path);
        return TrainingOutputs.Of(loss, _setting.ToPeer(path => byPath[path]), _setting.ToPeer(path => parameters[path].ToArray()), _setting.Weight);
    }
}
