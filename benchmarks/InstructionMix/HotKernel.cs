namespace GpuNets.InstructionMix;

/// <summary>A kernel whose inner loop matters, with a piece of work to predict the time of.</summary>
/// <param name="Name">What the table calls it.</param>
/// <param name="Kernel">The kernel, closed.</param>
/// <param name="Entry">The method of DeviceEntries that launches it.</param>
/// <param name="Group">Threads per group.</param>
/// <param name="Shape">The piece of work.</param>
/// <param name="Flops">Its operations.</param>
/// <param name="Bytes">What it has to move at least.</param>
/// <param name="LeastShare">Share of the arithmetic in the instructions of the loop for sm_90, below which a test fails.</param>
/// <param name="Precision">What they multiply.</param>
/// <param name="Groups">Groups of the launch; 0 if there are so many that it does not matter.</param>
/// <param name="WideLoads">Whether all loads of the loop from global memory take 16 bytes.</param>
/// <param name="CacheBytes">What the groups together read, most of it from the second cache.</param>
/// <param name="Warpgroups">Whether a product instruction is one of four warps.</param>
/// <param name="Shortest">Whether the loop is there twice, and the longer one, with masks, does the last pieces.</param>
internal sealed record HotKernel(
    string Name, Type Kernel, string Entry, int Group, string Shape, double Flops, double Bytes, double LeastShare, Precision Precision = Precision.Float32, int Groups = 0,
    bool WideLoads = true, double CacheBytes = 0, bool Warpgroups = false, bool Shortest = false);
