using GpuNets.Peers;
using TorchSharp;
using static TorchSharp.torch;

namespace TorchPeers;

/// <summary>Training steps of <see cref="TorchNtm"/> on one batch: forward, loss in nats, backward, clipping, RMSProp.</summary>
internal sealed class TorchNtmTraining : IWork
{
    private readonly TorchNtm _model;
    private readonly TorchGravesRmsProp _optimizer;
    private readonly Tensor _input;  // [time, batch, 9]
    private readonly Tensor _target; // [length, batch, 8]
    private float _loss;

    public TorchNtmTraining(NtmSetting setting)
    {
        _input = setting.Input.ToTorch();
        _target = setting.Target.ToTorch();
        _model = new TorchNtm(NtmSetting.Inputs, NtmSetting.Outputs, NtmSetting.Controller, NtmSetting.Rows, NtmSetting.Width);
        using (no_grad())
        {
            foreach (var (name, parameter) in _model.named_parameters()) parameter.copy_(setting.Weight(name).ToTorch());
        }
        _optimizer = new TorchGravesRmsProp(_model.parameters(), NtmSetting.LearningRate);
    }

    public void Run()
    {
        using var scope = NewDisposeScope();
        _optimizer.ZeroGradients();
        var recalled = _model.call(_input).narrow(0, _input.shape[0] - _target.shape[0], _target.shape[0]);
        var loss = nn.functional.binary_cross_entropy_with_logits(recalled, _target, reduction: nn.Reduction.Sum) / _input.shape[1];
        loss.backward();
        _optimizer.Step();
        _loss = loss.item<float>();
    }

    public IReadOnlyList<HostArray> Outputs() =>
    [
        new HostArray("loss", [], [_loss]),
        .. _model.named_parameters().Select(entry => entry.parameter.grad!.ToHost(entry.name + ".grad")),
        .. _model.named_parameters().Select(entry => entry.parameter.ToHost(entry.name)),
    ];

    public void Dispose()
    {
        _model.Dispose();
        _input.Dispose();
        _target.Dispose();
    }
}
