using ILGPU;

namespace GpuNets.Kernels;

/// <summary>
/// Where a sequence's team works on memory, weightings and the other numbers of the scratch of <see cref="NtmLayout"/>. Pointers are picked
/// by the type: ILGPU cannot choose between them at run time.
/// </summary>
internal unsafe interface INtmPlace
{
    /// <summary>True if the work is done elsewhere than in the log and is copied there.</summary>
    static abstract bool IsApart { get; }

    /// <summary>The sequence's scratch, given that in the log.</summary>
    static abstract float* Scratch(float* log);

    /// <summary>One of two places of a number: in the log, or in the scratch.</summary>
    static abstract float* Pick(float* log, float* scratch);
}

/// <summary>All work is done in the log, which on the host and in the caches of a GPU's multiprocessor is near enough.</summary>
internal unsafe struct NtmInLog : INtmPlace
{
    public static bool IsApart => false;

    public static float* Scratch(float* log) => log;

    public static float* Pick(float* log, float* scratch) => log;
}

/// <summary>
/// Work in a GPU group's shared memory: what one pass writes the next one reads after some 30 cycles, where a write to global memory goes
/// to the second cache, some 250 away, and a step has a dozen such passes per head.
/// </summary>
internal unsafe struct NtmInShared : INtmPlace
{
    /// <summary>
    /// Floats of a scratch that fits. With the 10 KiB that the sums of a team take it stays within the 48 KiB that every GPU gives without
    /// being asked; the paper's machine (128 rows of 20) takes half of it.
    /// </summary>
    public const int Capacity = 8192;

    /// <summary>Bytes of shared memory that a group then has at most.</summary>
    public const int Bytes = 48 << 10;

    public static bool IsApart => true;

    public static float* Scratch(float* log) => SharedMemory.Allocate<float>(Capacity).Ptr();

    public static float* Pick(float* log, float* scratch) => scratch;
}
