using GpuNets.Peers;
using TorchSharp;
using static TorchSharp.torch;

namespace TorchPeers;

/// <summary>Greedy decoding with <see cref="TorchTransformer"/>: keys and values are kept, and finished sentences go on for nothing until all are done.</summary>
internal sealed class TorchTransformerDecoding : IWork
{
    private readonly TransformerSetting _setting;
    private readonly TorchTransformer _model;
    private readonly Tensor _sources;
    private readonly int[] _limits;
    private long[][] _found = [];

    public TorchTransformerDecoding(TransformerSetting setting, int extra)
    {
        _setting = setting;
        _model = new TorchTransformer(setting);
        _sources = _model.Rows(setting.Sources);
        _limits = [.. setting.Sources.Select(ids => ids.Length + extra)];
    }

    public void Run()
    {
        using var nothing = inference_mode();
        using var scope = NewDisposeScope();
        var mask = _model.Mask(_sources);
        var memory = _model.Encode(_sources, mask);
        int layers = _setting.Model.DecoderLayers;
        (Tensor, Tensor)[] source = [.. Enumerable.Range(0, layers).Select(i => _model.Source(memory, i))], past = new (Tensor, Tensor)[layers];
        var ids = full([_sources.shape[0], 1], _setting.Model.BosId, int64);
        List<Tensor> said = [];
        for (int step = 0; step < _limits.Max(); step++)
        {
            var x = _model.Embed("decoder", ids, step);
            for (int i = 0; i < layers; i++) x = _model.Decode(x, i, source[i], mask, past);
            said.Add(ids = _model.Logits(x).argmax(-1));
            if (said.Count % 8 == 0 && (ids == _setting.Model.EosId).all().item<bool>()) break;
        }
        long[] all = [.. cat(said, 1).data<long>()];
        _found = [.. all.Chunk(said.Count)];
    }

    public IReadOnlyList<HostArray> Outputs() =>
        DecodingOutputs.Of(_found.Select((ids, i) => ids.Take(_limits[i]).Select(id => (float)id)));

    public void Dispose()
    {
        _model.Dispose();
        _sources.Dispose();
    }
}
