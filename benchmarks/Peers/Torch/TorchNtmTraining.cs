using GpuNets.Peers;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchPeers;

/// <summary>Training steps of <see cref="TorchNtm"/> on one batch: loss in nats, clipping, RMSProp.</summary>
internal sealed class TorchNtmTraining : TorchTraining
{
    private readonly NtmSetting _setting;
    private readonly TorchNtm _model;
    private readonly Tensor _inputs;  // [time, batch, inputs]
    private readonly Tensor _targets; // [length, batch, outputs]

    public TorchNtmTraining(NtmSetting setting)
    {
        _setting = setting;
        var batch = setting.Batch;
        _inputs = new HostArray("inputs", [batch.Time, batch.Size, setting.Inputs], batch.Inputs).ToTorch();
        using var targets = new HostArray("targets", [batch.Time, batch.Size, setting.Outputs], batch.Targets).ToTorch();
        _targets = targets.narrow(0, batch.FirstCounting, batch.Time - batch.FirstCounting).clone();
        _model = new TorchNtm(setting.Inputs, setting.Outputs, NtmSetting.Controller, NtmSetting.Rows, NtmSetting.Width);
        using (no_grad())
        {
            foreach (var (name, parameter) in _model.named_parameters()) parameter.copy_(setting.Weight(name).ToTorch());
        }
        var parameters = _model.named_parameters().ToDictionary(entry => entry.name, entry => entry.parameter);
        Parameters = new(setting.Names.Select(name => KeyValuePair.Create(name, parameters[name])));
        Optimizer = new TorchGravesRmsProp(Parameters.Values, NtmSetting.LearningRate, NtmSetting.GradientLimit);
    }

    protected override OrderedDictionary<string, Parameter> Parameters { get; }

    protected override optim.Optimizer Optimizer { get; }

    protected override Tensor Loss()
    {
        var recalled = _model.call(_inputs).narrow(0, _setting.Batch.FirstCounting, _targets.shape[0]);
        return nn.functional.binary_cross_entropy_with_logits(recalled, _targets, reduction: nn.Reduction.Sum) / _setting.Batch.Size;
    }

    protected override IReadOnlyList<HostArray> Compared(float loss, IReadOnlyList<HostArray> gradients) =>
        TrainingOutputs.Of(loss, gradients, Parameters.Select(parameter => parameter.Value.ToHost(parameter.Key)), _setting.Weight);

    public override void Dispose()
    {
        base.Dispose();
        _model.Dispose();
        _inputs.Dispose();
        _targets.Dispose();
    }
}
