namespace GpuNets.Peers;

/// <summary>One side of a comparison: a unit of work that can be repeated, and what it computed.</summary>
internal interface IWork : IDisposable
{
    /// <summary>Does the work once; everything is finished when it returns.</summary>
    void Run();

    /// <summary>Copies of the results of the last <see cref="Run"/>, in an order both sides share.</summary>
    IReadOnlyList<HostArray> Outputs();
}
