using GpuNets.Models;

namespace GpuNets.Peers;

/// <summary>Greedy decoding of <see cref="TransformerDecoder"/>.</summary>
internal sealed class GpuNetsTransformerDecoding : IWork
{
    private readonly TransformerSetting _setting;
    private readonly TransformerDecoder _decoder;
    private IReadOnlyList<IReadOnlyList<Hypothesis>> _found = [];

    public GpuNetsTransformerDecoding(Device device, TransformerSetting setting, int extra)
    {
        _setting = setting;
        var model = new Transformer(new Vars(device, GpuNetsArrays.ToState(setting.Weights)), setting.Model);
        _decoder = new TransformerDecoder(model, DecodingOptions.Greedy with { MaxExtraLength = extra });
    }

    public void Run() => _found = _decoder.Decode(_setting.Sources);

    public IReadOnlyList<HostArray> Outputs() =>
        [.. _found.Select((best, i) => new HostArray($"sentence {i}", [best[0].Ids.Count], [.. best[0].Ids.Select(id => (float)id)]))];

    public void Dispose() { }
}
