using GpuNets.Models;

namespace GpuNets.GpuBenchmarks;

/// <summary>Targets for a batch of sources.</summary>
internal sealed class DecodingWork(TransformerDecoder decoder, int[][] sources) : IWork
{
    private IReadOnlyList<IReadOnlyList<Hypothesis>> _found = [];

    public void Forward() => _found = decoder.Decode(sources);

    public void Train() => throw new NotSupportedException("Decoding has no gradient.");

    /// <summary>Eight ids of the best targets.</summary>
    public float[] Probe() => Numbers.Some([.. _found.SelectMany(found => found[0].Ids).Select(id => (float)id)]);

    public void Dispose() { }
}
