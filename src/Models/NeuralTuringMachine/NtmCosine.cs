namespace GpuNets.Models;

/// <summary>How the cosine of key and memory row avoids 0 / 0.</summary>
public enum NtmCosine
{
    /// <summary>dot / (|k| |m| + 1e-8).</summary>
    AddedEpsilon,

    /// <summary>1e-16 added to every value of key and memory, then dot / max(|k| |m|, 1e-8) (pytorch-ntm).</summary>
    Floored,
}
