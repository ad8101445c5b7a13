namespace GpuNets.Kernels;

/// <summary>Records what is launched on a stream and launches it as a whole: what <see cref="Device.Replay"/> needs of a driver.</summary>
internal interface ILaunchGraph : IDisposable
{
    /// <summary>From now on launches are recorded and not run.</summary>
    void Begin();

    /// <summary>Ends the recording and runs it: the graph of the recording before, updated, if only arguments differ.</summary>
    void EndAndLaunch();

    /// <summary>Ends the recording and forgets it.</summary>
    void Abandon();
}
