namespace GpuNets.Models;

/// <summary>Sentences that are being decoded: the keys and values of what was said and of the sources.</summary>
internal sealed class DecoderState : IDisposable
{
    private readonly Transformer _model;
    private readonly TransformerLayerCache[] _caches;
    private readonly int _beams;

    /// <summary>Reads the sources.</summary>
    /// <param name="model">The model.</param>
    /// <param name="sources">Ids of each source.</param>
    /// <param name="beams">Rows per sentence.</param>
    /// <param name="room">Steps that there is room for at first.</param>
    public DecoderState(Transformer model, IReadOnlyList<int[]> sources, int beams, int room = 32)
    {
        (_model, _beams, Sentences) = (model, beams, sources.Count);
        var device = model.Device;
        int[] counts = TokenRows.Lengths(sources);
        int time = counts.Max();
        using var scope = device.Scope();
        var lengths = device.Indices(counts, sources.Count);
        var memory = model.Encode(device.Indices(TokenRows.Fill(sources, time, model.Options.PadId), (sources.Count, time)), lengths);
        _caches = new TransformerLayerCache[model.DecoderLayers.Count];
        for (int i = 0; i < _caches.Length; i++)
        {
            _caches[i] = model.DecoderLayers[i].Cache(sources.Count, beams, room, time);
            model.DecoderLayers[i].Keep(memory, lengths, _caches[i]);
        }
    }

    /// <summary>Sentences that go on.</summary>
    public int Sentences { get; private set; }

    /// <summary>Steps done.</summary>
    public int Length { get; private set; }

    /// <summary>One step: scores of the next token of each row, [sentences * beams, vocabulary].</summary>
    /// <param name="last">The last token of each row, [sentences * beams, 1].</param>
    public Tensor Step(IndexTensor last) => _model.Logits(_model.Step(last, Length++, _caches));

    /// <summary>The same as a step that is captured; whoever runs it counts <see cref="Length"/>.</summary>
    /// <param name="last">The last token of each row, [sentences * beams, 1].</param>
    /// <param name="place">What <see cref="Place"/> says before each run, [1].</param>
    public Tensor Step(IndexTensor last, IndexTensor place) => _model.Logits(_model.Step(last, place, _caches));

    /// <summary>The place of the next token in the table of positions; counts the step.</summary>
    public int Place() => Length++ + _model.Options.FirstPosition;

    /// <summary>Goes on with some rows: row i of a sentence becomes row source[i] of before. Sentences without rows leave.</summary>
    /// <param name="rows">Rows of before, those of a sentence together, as many as beams for each that stays.</param>
    public void Take(int[] rows)
    {
        int[] sentences = [.. rows.Where((_, i) => i % _beams == 0).Select(row => row / _beams)];
        bool same = sentences.Length == Sentences;
        if (!same || !rows.SequenceEqual(Enumerable.Range(0, rows.Length)))
            foreach (var cache in _caches) cache.Target.Select(rows);
        if (!same)
            foreach (var cache in _caches) cache.Source.Select(sentences);
        Sentences = sentences.Length;
    }

    public void Dispose()
    {
        foreach (var cache in _caches) cache.Dispose();
    }
}
