using GpuNets.Peers;
using TorchSharp;
using static TorchSharp.torch;

namespace TorchPeers;

/// <summary>Training steps of <see cref="TorchTransformer"/>.</summary>
internal sealed class TorchTransformerTraining : IWork
{
    private readonly TransformerSetting _setting;
    private readonly TorchTransformer _model;
    private readonly optim.Optimizer _optimizer;
    private readonly Tensor _sources, _inputs, _outputs;
    private float _loss;

    public TorchTransformerTraining(TransformerSetting setting)
    {
        _setting = setting;
        _model = new TorchTransformer(setting);
        _optimizer = optim.Adam(_model.Parameters.Values, TransformerSetting.LearningRate);
        _sources = _model.Rows(setting.Sources);
        _inputs = _model.Rows(setting.Targets.Select(ids => (int[])[setting.Model.BosId, .. ids]));
        _outputs = _model.Rows(setting.Targets.Select(ids => (int[])[.. ids, setting.Model.EosId]));
    }

    public void Run()
    {
        using var scope = NewDisposeScope();
        Gradients();
        _optimizer.step();
    }

    public IReadOnlyList<HostArray> Outputs()
    {
        using var scope = NewDisposeScope();
        Gradients();
        return TransformerSetting.Compared(_loss, _setting.Weights.Select(weight => _model.Parameters[weight.Name].grad!.ToHost(weight.Name)));
    }

    public void Dispose()
    {
        _model.Dispose();
        _optimizer.Dispose();
        foreach (var tensor in new[] { _sources, _inputs, _outputs }) tensor.Dispose();
    }

    private void Gradients()
    {
        _optimizer.zero_grad();
        var mask = _model.Mask(_sources);
        var memory = _model.Encode(_sources, mask);
        var x = _model.Embed("decoder", _inputs, 0);
        for (int i = 0; i < _setting.Model.DecoderLayers; i++) x = _model.Decode(x, i, _model.Source(memory, i), mask, null);
        var loss = nn.functional.cross_entropy(_model.Logits(x).flatten(0, 1), _outputs.flatten(), ignore_index: _setting.Model.PadId);
        loss.backward();
        _loss = loss.item<float>();
    }
}
