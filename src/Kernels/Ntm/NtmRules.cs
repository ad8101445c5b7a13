namespace GpuNets.Kernels;

/// <summary>How the numbers of a head become an address and a change of memory. Data, not types: one compiled kernel serves all.</summary>
internal struct NtmRules
{
    /// <summary>Activations by number, see <see cref="NtmActivation"/>. The sharpening exponent is 1 + Gamma(x).</summary>
    public int Key, Beta, Gamma, ShiftLogits, Erase, Add;

    /// <summary>1: the address is the content weighting alone; heads have no g, s and gamma.</summary>
    public int ContentOnly;

    /// <summary>0: heads have no gamma.</summary>
    public int Sharpen;

    /// <summary>1: cosine = dot / max(|k| |m|, Epsilon); 0: dot / (|k| |m| + Epsilon).</summary>
    public int CosineFloor;

    public float CosineEpsilon;

    /// <summary>Added to every value of key and memory before the cosine.</summary>
    public float CosineShift;

    /// <summary>Head parameters are clipped to [-Clip, Clip] before their activations; infinity for no clipping.</summary>
    public float Clip;
}
