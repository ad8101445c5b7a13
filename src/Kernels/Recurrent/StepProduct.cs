namespace GpuNets.Kernels;

/// <summary>
/// The product with W_hh that every step of a recurrence makes. Where it pays the weight is rearranged once for all steps: packed for a
/// CPU under OpenCL, whose caches cannot hold rows that lie a multiple of 4 KB apart (PoCL, 256 units, 32 rows: half the time of a step).
/// </summary>
internal readonly struct StepProduct
{
    /// <summary>Steps from which on rearranging the weight costs less than it saves.</summary>
    private const int FewestSteps = 2;

    private readonly DeviceBuffer _weight;
    private readonly DeviceBuffer? _panels;
    private readonly GemmSize _size;

    /// <summary>Prepares for so many products of a size with one weight.</summary>
    public StepProduct(DeviceBuffer weight, in GemmSize size, int steps)
    {
        (_weight, _size) = (weight, size);
        _panels = steps < FewestSteps ? null : Gemm.Pack(weight, size);
    }

    /// <summary>c += a W + bias, the operands at these places of their buffers.</summary>
    public void AddTo(DeviceBuffer c, DeviceBuffer a, int offsetC, int offsetA, DeviceBuffer? bias)
    {
        var size = _size with { OffsetA = offsetA, OffsetC = offsetC };
        if (_panels is null) Gemm.Run(a, _weight, c, size, bias, accumulate: true);
        else Gemm.AddPacked(a, _panels, c, size, bias);
    }

    /// <summary>Gives the rearranged weight back.</summary>
    public void Free() => _panels?.Free();
}
