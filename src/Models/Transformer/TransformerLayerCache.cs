namespace GpuNets.Models;

/// <summary>What a layer of the decoder keeps between time steps.</summary>
/// <param name="Target">Keys and values of earlier steps, a sample per beam.</param>
/// <param name="Source">Keys and values of the encoder's output, a sample per sentence.</param>
internal sealed record TransformerLayerCache(KeyValueCache Target, KeyValueCache Source) : IDisposable
{
    public void Dispose()
    {
        Target.Dispose();
        Source.Dispose();
    }
}
