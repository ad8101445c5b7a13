namespace GpuNets.Kernels;

/// <summary>Records what is launched on a stream and launches it as a whole, any number of times: what <see cref="StepRecording"/> needs of a driver.</summary>
internal interface ILaunchGraph : IDisposable
{
    /// <summary>True where launches must be handed to <see cref="Add"/>; false where the driver sees them on the stream.</summary>
    bool TakesLaunches { get; }

    /// <summary>From now on launches are recorded and not run.</summary>
    void Begin();

    /// <summary>Takes a launch with its arguments.</summary>
    void Add(Action launch);

    /// <summary>Ends the recording.</summary>
    void End();

    /// <summary>Runs what was recorded, with the arguments of the recording.</summary>
    void Launch();

    /// <summary>Ends the recording and forgets it.</summary>
    void Abandon();
}
