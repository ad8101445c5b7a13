namespace GpuNets.Kernels;

/// <summary>A kernel that reads its place from ILGPU's Grid and Group, for launch shapes of its own. The struct holds the arguments.</summary>
internal interface IGridKernel
{
    void Run();
}
