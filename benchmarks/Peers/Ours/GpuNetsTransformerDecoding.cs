using GpuNets.Models;

namespace GpuNets.Peers;

/// <summary>Decoding by <see cref="TransformerDecoder"/>, greedily or by beam search; the scores of the latter are compared, too.</summary>
internal sealed class GpuNetsTransformerDecoding : IWork
{
    private readonly TransformerSetting _setting;
    private readonly TransformerDecoder _decoder;
    private IReadOnlyList<IReadOnlyList<Hypothesis>> _found = [];

    public GpuNetsTransformerDecoding(Device device, TransformerSetting setting, DecodingOptions options)
    {
        _setting = setting;
        var model = new Transformer(new Vars(device, GpuNetsArrays.ToState(setting.Weights)), setting.Model);
        _decoder = new TransformerDecoder(model, options);
    }

    public void Run() => _found = _decoder.Decode(_setting.Sources);

    public IReadOnlyList<HostArray> Outputs()
    {
        var ids = _found.Select(best => best[0].Ids.Select(id => (float)id));
        return _decoder.Options.Beam == 1 ? DecodingOutputs.Of(ids) : DecodingOutputs.Of(ids, _found.Select(best => best[0].Score));
    }

    public void Dispose() { }
}
