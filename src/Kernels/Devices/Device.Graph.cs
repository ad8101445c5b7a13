using GpuNets.Kernels;
using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;

namespace GpuNets;

public sealed partial class Device
{
    /// <summary>The step that is being recorded; null when launches run at once.</summary>
    internal StepRecording? Recording { get; private set; }

    /// <summary>True while a step is recorded, and while one runs that will be: it makes the launches that can be repeated, so that their kernels are loaded.</summary>
    internal bool Captures { get; private set; }

    /// <summary>True where captured steps are launched as one.</summary>
    internal bool HasGraphs => Accelerator is CudaAccelerator;

    /// <summary>A graph for captured steps; null where launches simply run.</summary>
    internal ILaunchGraph? NewGraph() =>
        Accelerator is CudaAccelerator cuda && Stream is CudaStream stream ? new CudaGraph(cuda, stream) : null;

    /// <summary>Runs a step as it will be recorded, but at once.</summary>
    internal void Rehearse(Action step)
    {
        Captures = true;
        try
        {
            step();
        }
        finally
        {
            Captures = false;
        }
    }

    /// <summary>Records a step and runs it once.</summary>
    internal StepRecording Record(ILaunchGraph graph, Action step)
    {
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        var recording = new StepRecording(this, graph);
        graph.Begin();
        Recording = StepRecording.Current = recording;
        Captures = true;
        bool done = false;
        try
        {
            step();
            done = true;
        }
        finally
        {
            Recording = StepRecording.Current = null;
            Captures = false;
            if (!done)
            {
                graph.Abandon();
                recording.Dispose();
            }
        }
        graph.End();
        recording.Launch();
        return recording;
    }

    private void Launch<TKernel>(Action<AcceleratorStream, KernelConfig, TKernel, int> run, KernelConfig grid, in TKernel kernel, int count)
        where TKernel : struct
    {
        if (Recording is { Graph.TakesLaunches: true } recording) Note(recording.Graph, run, grid, kernel, count);
        else lock (s_launchLock) run(Stream, grid, kernel, count);
    }

    // Apart from Launch, where the closure would be allocated in any case.
    private void Note<TKernel>(
        ILaunchGraph graph, Action<AcceleratorStream, KernelConfig, TKernel, int> run, KernelConfig grid, TKernel kernel, int count) where TKernel : struct =>
        graph.Add(() => Launch(run, grid, kernel, count));

    // What moves between host and device would wait for work that is being recorded and has not run.
    private void ThrowIfRecording(string what)
    {
        if (Recording is not null)
            throw new InvalidOperationException($"Capture: the step {what}, but its work is recorded and runs only when the step has ended; do it outside.");
    }
}
