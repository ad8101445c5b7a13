namespace GpuNets;

/// <summary>How rows with unsorted indices are added up.</summary>
public enum ScatterForm
{
    /// <summary>Rows are sorted by index first, then each segment is summed in order: the same bits each time.</summary>
    Sorted,

    /// <summary>Rows are added in any order with float atomics: last bits differ from run to run. CUDA devices only.</summary>
    Atomic,
}
