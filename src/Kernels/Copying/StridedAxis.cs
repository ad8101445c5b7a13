using System.Numerics;
using System.Runtime.CompilerServices;

namespace GpuNets.Kernels;

/// <summary>
/// One axis of a strided walk over two arrays. Divides by its size with a multiplication: an integer division costs a GPU some 30
/// instructions, and every element of a copy needs one per axis.
/// </summary>
internal readonly struct StridedAxis
{
    public readonly int Size, XStride, YStride;
    private readonly uint _reciprocal;
    private readonly int _shift;

    public StridedAxis(int size, int xStride, int yStride)
    {
        Size = size;
        XStride = xStride;
        YStride = yStride;
        // With 2^(s-1) < size <= 2^s and m = ceil(2^(31+s) / size), floor(a m / 2^(31+s)) is a / size exactly for every a below 2^31.
        int bits = size <= 1 ? 0 : 32 - BitOperations.LeadingZeroCount((uint)size - 1);
        _shift = 31 + bits;
        _reciprocal = (uint)(((1UL << _shift) + (uint)Math.Max(size, 1) - 1) / (uint)Math.Max(size, 1));
    }

    /// <summary>index / Size for 0 &lt;= index &lt; 2^31.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Divide(int index) => (int)(((ulong)(uint)index * _reciprocal) >> _shift);

    /// <summary>Takes this axis' digit off an index and moves both offsets along it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Step(int index, ref int x, ref int y)
    {
        int rest = Divide(index);
        int digit = index - rest * Size;
        x += digit * XStride;
        y += digit * YStride;
        return rest;
    }
}

/// <summary>Five axes, outermost first; axes that are not used have size 1.</summary>
internal struct StridedAxes
{
    public StridedAxis A0, A1, A2, A3, A4;

    /// <summary>Where the element with this row-major index lies in both arrays.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Offsets(int index, ref int x, ref int y)
    {
        int rest = A4.Step(index, ref x, ref y);
        rest = A3.Step(rest, ref x, ref y);
        rest = A2.Step(rest, ref x, ref y);
        rest = A1.Step(rest, ref x, ref y);
        A0.Step(rest, ref x, ref y);
    }
}
