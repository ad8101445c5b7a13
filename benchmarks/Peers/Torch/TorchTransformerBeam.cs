using GpuNets.Models;
using GpuNets.Peers;
using TorchSharp;
using static TorchSharp.torch;

namespace TorchPeers;

/// <summary>
/// Beam search with <see cref="TorchTransformer"/>: all hypotheses of all sentences are one batch, kept keys and values follow their hypotheses by
/// index_select, the beams of a sentence look at one copy of its source, and sentences that are done leave the batch.
/// </summary>
internal sealed class TorchTransformerBeam : IWork
{
    private readonly TransformerSetting _setting;
    private readonly DecodingOptions _options;
    private readonly TorchTransformer _model;
    private readonly Tensor _sources;
    private readonly (long[] Ids, double Score)[] _found;

    public TorchTransformerBeam(TransformerSetting setting, DecodingOptions options)
    {
        (_setting, _options) = (setting, options);
        _model = new TorchTransformer(setting);
        _sources = _model.Rows(setting.Sources);
        _found = new (long[], double)[setting.Sources.Count];
    }

    public void Run()
    {
        using var nothing = inference_mode();
        using var scope = NewDisposeScope();
        var mask = _model.Mask(_sources);
        var memory = _model.Encode(_sources, mask);
        int layers = _setting.Model.DecoderLayers, beam = _options.Beam;
        (Tensor Key, Tensor Value)[] source = [.. Enumerable.Range(0, layers).Select(i => _model.Source(memory, i))], past = new (Tensor, Tensor)[layers];
        TorchBeamSentence[] alive = [.. _setting.Sources.Select(Begin)];
        long[] last = [.. Enumerable.Repeat((long)_setting.Model.BosId, alive.Length * beam)];
        for (int step = 0; ; step++)
        {
            var x = _model.Embed("decoder", tensor(last, [last.Length, 1]), step);
            for (int i = 0; i < layers; i++) x = _model.Decode(x, i, source[i], mask, past);
            long[] stay = Extend(alive, _model.Logits(x));
            if (stay.Length == 0) return;
            if (stay.Length < alive.Length)
            {
                var kept = tensor(stay);
                mask = mask.index_select(0, kept);
                Select(source, kept);
            }
            Select(past, tensor([.. stay.SelectMany(i => alive[i].Alive.Select(hypothesis => i * beam + hypothesis.Parent))]));
            alive = [.. stay.Select(i => alive[i])];
            last = [.. alive.SelectMany(sentence => sentence.Alive.Select(hypothesis => hypothesis.Ids[^1]))];
            // In Python, too, memory of a step is free for the next one.
            scope.DisposeEverythingBut([mask, .. source.Concat(past).SelectMany(pair => new[] { pair.Key, pair.Value })]);
        }
    }

    public IReadOnlyList<HostArray> Outputs() =>
        DecodingOutputs.Of(_found.Select(best => best.Ids.Select(id => (float)id)), _found.Select(best => best.Score));

    public void Dispose()
    {
        _model.Dispose();
        _sources.Dispose();
    }

    private TorchBeamSentence Begin(int[] source, int number) =>
        new(number, source.Length + _options.MaxExtraLength, _options.Beam, _options.LengthPenalty, _setting.Model.EosId);

    // Extends all hypotheses and keeps the best of sentences that are done; which are not, by their places in the batch.
    private long[] Extend(TorchBeamSentence[] alive, Tensor logits)
    {
        int candidates = 2 * _options.Beam;
        var logs = nn.functional.log_softmax(logits, -1).view(alive.Length, _options.Beam, -1);
        logs.select(2, _setting.Model.PadId).fill_(double.NegativeInfinity);
        float[] sums = [.. alive.SelectMany(sentence => sentence.Alive.Select(hypothesis => hypothesis.Log))];
        var (best, index) = logs.add_(tensor(sums, [alive.Length, _options.Beam, 1])).view(alive.Length, -1).topk(candidates, 1);
        float[] values = [.. best.data<float>()];
        long[] places = [.. index.data<long>()];
        List<long> stay = [];
        for (int i = 0; i < alive.Length; i++)
        {
            int first = i * candidates;
            if (alive[i].Extend(values.AsSpan(first, candidates), places.AsSpan(first, candidates), _setting.Model.TargetVocabulary)) stay.Add(i);
            else _found[alive[i].Number] = alive[i].Best;
        }
        return [.. stay];
    }

    private static void Select((Tensor Key, Tensor Value)[] kept, Tensor rows)
    {
        for (int i = 0; i < kept.Length; i++) kept[i] = (kept[i].Key.index_select(0, rows), kept[i].Value.index_select(0, rows));
    }
}
