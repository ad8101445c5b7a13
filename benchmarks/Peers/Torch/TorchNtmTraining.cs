using GpuNets.Peers;
using TorchSharp;
using static TorchSharp.torch;

namespace TorchPeers;

/// <summary>Training steps of <see cref="TorchNtm"/> on one batch: forward, loss in nats, backward, clipping, RMSProp.</summary>
internal sealed class TorchNtmTraining : IWork
{
    private readonly NtmSetting _setting;
    private readonly TorchNtm _model;
    private readonly TorchGravesRmsProp _optimizer;
    private readonly Tensor _inputs;  // [time, batch, inputs]
    private readonly Tensor _targets; // [length, batch, outputs]
    private float _loss;

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
        _optimizer = new TorchGravesRmsProp(_model.parameters(), NtmSetting.LearningRate, NtmSetting.GradientLimit);
    }

    public void Run()
    {
        using var scope = NewDisposeScope();
        Gradients();
        _optimizer.Step();
    }

    public IReadOnlyList<HostArray> Outputs()
    {
        using var scope = NewDisposeScope();
        Gradients();
        var parameters = _model.named_parameters().ToDictionary(entry => entry.name, entry => entry.parameter);
        return TrainingOutputs.Of(
            _loss, _setting.Names.Select(name => parameters[name].grad!.ToHost(name)), _setting.Names.Select(name => parameters[name].ToHost(name)),
            _setting.Weight);
    }

    public void Dispose()
    {
        _model.Dispose();
        _inputs.Dispose();
        _targets.Dispose();
    }

    private void Gradients()
    {
        _optimizer.ZeroGradients();
        var recalled = _model.call(_inputs).narrow(0, _setting.Batch.FirstCounting, _targets.shape[0]);
        var loss = nn.functional.binary_cross_entropy_with_logits(recalled, _targets, reduction: nn.Reduction.Sum) / _setting.Batch.Size;
        loss.backward();
        _loss = loss.item<float>();
    }
}
