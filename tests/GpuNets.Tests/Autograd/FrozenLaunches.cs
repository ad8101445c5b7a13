using GpuNets.Kernels;

namespace GpuNets.Tests.Autograd;

/// <summary>
/// A graph for devices without graphs: it keeps each launch with the arguments that it had when it was recorded, and runs them all again, as
/// a CUDA graph does. What should change from run to run and is baked into an argument shows as a wrong result.
/// </summary>
internal sealed class FrozenLaunches(List<string>? calls = null) : ILaunchGraph
{
    private readonly List<Action> _launches = [];

    public int Count => _launches.Count;

    public bool TakesLaunches => true;

    public void Begin() => calls?.Add("begin");

    public void Add(Action launch) => _launches.Add(launch);

    public void End() => calls?.Add("end");

    public void Launch()
    {
        calls?.Add("launch");
        foreach (var launch in _launches) launch();
    }

    public void Abandon() => calls?.Add("abandon");

    public void Dispose() => calls?.Add("dispose");
}
