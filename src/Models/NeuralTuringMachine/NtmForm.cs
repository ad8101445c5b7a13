namespace GpuNets.Models;

/// <summary>How a sequence is run.</summary>
public enum NtmForm
{
    /// <summary>One launch for a whole sequence.</summary>
    Persistent,

    /// <summary>Operations step by step: many launches, the same numbers. For comparison and for machines of other makes.</summary>
    Steps,
}
