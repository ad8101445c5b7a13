using GpuNets.Peers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchPeers;

/// <summary>Training steps of <see cref="TorchTransformer"/>.</summary>
internal sealed class TorchTransformerTraining : TorchTraining
{
    private readonly TransformerSetting _setting;
    private readonly TorchTransformer _model;
    private readonly Tensor _sources, _inputs, _outputs;

    public TorchTransformerTraining(TransformerSetting setting)
    {
        _setting = setting;
        _model = new TorchTransformer(setting);
        Optimizer = optim.Adam(Parameters.Values, TransformerSetting.LearningRate);
        _sources = _model.Rows(setting.Sources);
        _inputs = _model.Rows(setting.Targets.Select(ids => (int[])[setting.Model.BosId, .. ids]));
        _outputs = _model.Rows(setting.Targets.Select(ids => (int[])[.. ids, setting.Model.EosId]));
    }

    protected override OrderedDictionary<string, Parameter> Parameters => _model.Parameters;

    protected override optim.Optimizer Optimizer { get; }

    protected override Tensor Loss()
    {
        var mask = _model.Mask(_sources);
        var memory = _model.Encode(_sources, mask);
        var x = _model.Embed("decoder", _inputs, 0);
        for (int i = 0; i < _setting.Model.DecoderLayers; i++) x = _model.Decode(x, i, _model.Source(memory, i), mask, null);
        return nn.functional.cross_entropy(_model.Logits(x).flatten(0, 1), _outputs.flatten(), ignore_index: _setting.Model.PadId);
    }

    protected override IReadOnlyList<HostArray> Compared(float loss, IReadOnlyList<HostArray> gradients) => TransformerSetting.Compared(loss, gradients);

    public override void Dispose()
    {
        base.Dispose();
        foreach (var tensor in new[] { _sources, _inputs, _outputs }) tensor.Dispose();
    }
}
