using GpuNets.Models;

namespace GpuNets.Peers;

/// <summary>Training steps of <see cref="Transformer"/>: mean cross-entropy, Adam.</summary>
internal sealed class GpuNetsTransformerTraining : GpuNetsTraining
{
    private readonly Transformer _model;
    private readonly TransformerBatch _batch;

    public GpuNetsTransformerTraining(Device device, TransformerSetting setting)
    {
        _model = new Transformer(new Vars(device, GpuNetsArrays.ToState(setting.Weights)), setting.Model);
        Optimizer = new Adam(_model.Parameters, TransformerSetting.LearningRate);
        _batch = new TransformerBatch(_model.Options, setting.Sources, setting.Targets);
    }

    protected override Optimizer Optimizer { get; }

    protected override Tensor Loss() => _model.Loss(_batch);

    protected override IReadOnlyList<HostArray> Compared(float loss, IReadOnlyList<HostArray> gradients) => TransformerSetting.Compared(loss, gradients);
}
