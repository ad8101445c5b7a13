namespace GpuNets.Models;

/// <summary>How heads find their place in memory.</summary>
public enum NtmAddressing
{
    /// <summary>By content, then gated with the last weighting, shifted and sharpened.</summary>
    ContentAndLocation,

    /// <summary>By content alone.</summary>
    ContentOnly,
}
