using GpuNets.Kernels;

namespace GpuNets;

/// <summary>Runs the products of a batch of several axes: one launch for the innermost axis, a loop over the others.</summary>
internal static class MatMulLaunch
{
    /// <summary>C = f(R + op(A) op(B) + bias) for every index of <paramref name="axes"/>, of which each has its own C and R.</summary>
    public static void Run(
        DeviceBuffer a, DeviceBuffer b, DeviceBuffer c, GemmSize size, ReadOnlySpan<BatchAxis> axes,
        DeviceBuffer? bias = null, Activation activation = Activation.Identity, bool accumulate = false, DeviceBuffer? residual = null)
    {
        if (axes.Length == 0)
        {
            Gemm.Run(a, b, c, size, bias, activation, accumulate, residual);
            return;
        }
        if (axes.Length == 1)
        {
            var axis = axes[0];
            Gemm.Run(
                a, b, c, size with { Batch = axis.Size, StrideA = axis.A, StrideB = axis.B, StrideC = axis.C }, bias, activation, accumulate,
                residual);
            return;
        }
        for (int i = 0; i < axes[0].Size; i++) Run(a, b, c, At(size, axes[0], i), axes[1..], bias, activation, accumulate, residual);
    }

    /// <summary>
    /// C = sum of op(A) op(B) over the axes that all share one C, for every index of the others. The sum over an axis becomes part
    /// of the sum over k where the operands allow it, else products are added one after the other.
    /// </summary>
    public static void RunSummed(DeviceBuffer a, DeviceBuffer b, DeviceBuffer c, GemmSize size, IReadOnlyList<BatchAxis> axes, bool accumulate)
    {
        BatchAxis[] shared = [.. axes.Where(axis => axis.C == 0)], own = [.. axes.Where(axis => axis.C != 0)];
        if (shared.Any(axis => axis.Size == 0))
        {
            // A sum of no products is zero, which a product without terms writes.
            size = size with { K = 0 };
            shared = [];
        }
        if (shared.Length > 0 && IsRun(size, shared[^1]))
        {
            size = size with { K = size.K * shared[^1].Size };
            shared = shared[..^1];
        }
        RunSummed(a, b, c, size, shared, own, ref accumulate);
    }

    private static void RunSummed(
        DeviceBuffer a, DeviceBuffer b, DeviceBuffer c, GemmSize size, ReadOnlySpan<BatchAxis> shared, ReadOnlySpan<BatchAxis> own, ref bool accumulate)
    {
        if (shared.Length == 0)
        {
            Run(a, b, c, size, own, accumulate: accumulate);
            accumulate = true;
            return;
        }
        for (int i = 0; i < shared[0].Size; i++) RunSummed(a, b, c, At(size, shared[0], i), shared[1..], own, ref accumulate);
    }

    // Stored row after stored row, both operands continue where the product before ended: more terms of one sum.
    private static bool IsRun(in GemmSize size, BatchAxis axis) =>
        size.TransposeA && !size.TransposeB && axis.A == (long)size.K * size.LeadingA && axis.B == (long)size.K * size.LeadingB;

    private static GemmSize At(in GemmSize size, BatchAxis axis, int index) => size with
    {
        OffsetA = checked((int)(size.OffsetA + index * axis.A)),
        OffsetB = checked((int)(size.OffsetB + index * axis.B)),
        OffsetC = checked((int)(size.OffsetC + index * axis.C)),
    };
}
