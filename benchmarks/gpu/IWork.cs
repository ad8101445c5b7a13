namespace GpuNets.GpuBenchmarks;

/// <summary>What a case does again and again.</summary>
internal interface IWork : IDisposable
{
    /// <summary>Computes the result; the device may still be at work after it.</summary>
    void Forward();

    /// <summary>Computes the result and all gradients.</summary>
    void Train();

    /// <summary>Values of the result, and of the first gradient in training, by which both sides are compared.</summary>
    float[] Probe();
}
