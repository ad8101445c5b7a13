using System.Runtime.InteropServices;
using ILGPU.Runtime.Cuda;

namespace GpuNets.Kernels;

/// <summary>A CUDA graph of a stream: recorded once, then launched with the arguments that it has.</summary>
internal sealed partial class CudaGraph(CudaAccelerator accelerator, CudaStream stream) : ILaunchGraph
{
    // The pool may take memory and a kernel may be loaded while launches are recorded: both act at once and stay in force.
    private const int Relaxed = 2;

    private nint _executable;

    public void Begin()
    {
        accelerator.Bind();
        Check(BeginCapture(stream.StreamPtr, Relaxed), "cuStreamBeginCapture");
    }

    public bool TakesLaunches => false;

    public void Add(Action launch) => throw new NotSupportedException("CUDA records what is launched on the stream.");

    public void End()
    {
        Check(EndCapture(stream.StreamPtr, out nint graph), "cuStreamEndCapture");
        try
        {
            Check(Instantiate(out _executable, graph, 0), "cuGraphInstantiateWithFlags");
        }
        finally
        {
            _ = Destroy(graph);
        }
    }

    public void Launch()
    {
        accelerator.Bind();
        Check(LaunchExec(_executable, stream.StreamPtr), "cuGraphLaunch");
    }

    public void Abandon()
    {
        // An invalidated recording gives no graph.
        if (EndCapture(stream.StreamPtr, out nint graph) == 0 && graph != 0) _ = Destroy(graph);
    }

    public void Dispose()
    {
        if (_executable == 0) return;
        accelerator.Bind();
        stream.Synchronize();   // it may still run
        _ = DestroyExec(_executable);
        _executable = 0;
    }

    private static void Check(int error, string function)
    {
        if (error != 0) throw new GpuNetsException($"CUDA graph: {function} answers {(CudaError)error}.");
    }

    // The library that ILGPU uses: see NativeLibraries.
    [LibraryImport(NativeLibraries.Cuda, EntryPoint = "cuStreamBeginCapture_v2")]
    private static partial int BeginCapture(nint stream, int mode);

    [LibraryImport(NativeLibraries.Cuda, EntryPoint = "cuStreamEndCapture")]
    private static partial int EndCapture(nint stream, out nint graph);

    [LibraryImport(NativeLibraries.Cuda, EntryPoint = "cuGraphInstantiateWithFlags")]
    private static partial int Instantiate(out nint executable, nint graph, ulong flags);

    [LibraryImport(NativeLibraries.Cuda, EntryPoint = "cuGraphLaunch")]
    private static partial int LaunchExec(nint executable, nint stream);

    [LibraryImport(NativeLibraries.Cuda, EntryPoint = "cuGraphDestroy")]
    private static partial int Destroy(nint graph);

    [LibraryImport(NativeLibraries.Cuda, EntryPoint = "cuGraphExecDestroy")]
    private static partial int DestroyExec(nint executable);
}
