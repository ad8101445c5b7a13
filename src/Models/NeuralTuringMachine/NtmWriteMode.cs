namespace GpuNets.Models;

/// <summary>How several write heads change the memory in one step.</summary>
public enum NtmWriteMode
{
    /// <summary>All erases, then all adds (the paper's wording).</summary>
    AllErasesFirst,

    /// <summary>Erase and add of one head after the other (pytorch-ntm, Collier and Beel).</summary>
    PerHead,
}
