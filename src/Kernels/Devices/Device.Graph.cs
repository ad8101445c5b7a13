using GpuNets.Kernels;
using ILGPU.Runtime.Cuda;

namespace GpuNets;

public sealed partial class Device
{
    /// <summary>Where the launches of a captured step go while it is recorded; null when launches run at once.</summary>
    private ILaunchGraph? _recording;

    /// <summary>A graph for captured steps; null where launches simply run.</summary>
    internal ILaunchGraph? NewGraph() =>
        Accelerator is CudaAccelerator cuda && Stream is CudaStream stream ? new CudaGraph(cuda, stream) : null;

    /// <summary>Runs a step: its launches one by one without a graph, else recorded and then launched as one.</summary>
    internal void Replay(ILaunchGraph? graph, Action step)
    {
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        if (_recording is not null) throw new InvalidOperationException("Capture: a captured step runs within another; run one after the other.");
        if (graph is null)
        {
            step();
            return;
        }
        graph.Begin();
        _recording = graph;
        try
        {
            step();
        }
        catch
        {
            _recording = null;
            graph.Abandon();
            throw;
        }
        _recording = null;
        graph.EndAndLaunch();
    }

    // What moves between host and device would wait for work that is being recorded and has not run.
    private void ThrowIfRecording(string what)
    {
        if (_recording is not null)
            throw new InvalidOperationException($"Capture: the step {what}, but its work is recorded and runs only when the step has ended; do it outside.");
    }
}
