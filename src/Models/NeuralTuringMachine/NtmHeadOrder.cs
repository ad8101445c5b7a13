namespace GpuNets.Models;

/// <summary>How the heads take turns within a step. The paper leaves it open.</summary>
public enum NtmHeadOrder
{
    /// <summary>All heads see the memory of the step before; then the write heads write (Collier and Beel).</summary>
    ReadsFirst,

    /// <summary>The write heads see the memory of the step before and write; the read heads see what they wrote.</summary>
    WritesFirst,

    /// <summary>Read head, write head, read head, ...: each sees what those before it left (pytorch-ntm).</summary>
    Alternate,
}
