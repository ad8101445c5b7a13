using GpuNets.Kernels;
using Xunit;

namespace GpuNets.Tests;

/// <summary>The forms of OpenCL and CUDA on ILGPU's CPU accelerator, which checks every index: tiny sizes, they are very slow there.</summary>
public sealed class GemmFormTests
{
    [Theory(Timeout = 120_000)]
    [InlineData(1, 1, 1, false, false)]
    [InlineData(1, 40, 3, false, true)]
    [InlineData(5, 33, 2, true, false)]
    [InlineData(6, 64, 3, false, false)]
    [InlineData(3, 31, 0, false, false)]
    [InlineData(2, 65, 5, true, true)]
    public void SerialItems(int m, int n, int k, bool transposeA, bool transposeB)
    {
        using var lease = TestDevices.Emulated(ExecutionForm.Serial);
        var size = new GemmSize(m, n, k, 2, transposeA, transposeB);
        new GemmCase(size, 30).Check(lease.Device);
        new GemmCase(size with { StrideB = 0 }, 31, bias: true, Activation.Sigmoid, accumulate: true).Check(lease.Device);
        var placed = size with { LeadingC = n + 3, StrideC = m * (n + 3), OffsetA = 1, OffsetB = 2, OffsetC = 3 };
        new GemmCase(placed, 32, bias: true, Activation.Relu).Check(lease.Device);
    }
}
