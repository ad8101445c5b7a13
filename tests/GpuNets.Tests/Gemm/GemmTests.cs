using GpuNets.Kernels;
using Xunit;

namespace GpuNets.Tests;

public sealed class GemmTests
{
    private static readonly int[] s_awkward = [1, 2, 3, 5, 7, 8, 31, 32, 33, 63, 65, 127, 128, 129];

    /// <summary>Sizes around every tile and block edge, mixed, with every kind of epilogue.</summary>
    [Fact(Timeout = 120_000)]
    public void AwkwardSizes()
    {
        using var lease = TestDevices.Lease();
        var random = new Philox(11);
        uint draw = 0;
        for (uint i = 0; i < 250; i++)
        {
            int m = Pick(s_awkward), n = Pick(s_awkward), k = Pick(s_awkward), batch = 1 + random.Below(draw++, 3);
            var size = new GemmSize(m, n, k, batch, Pick([false, true]), Pick([false, true]));
            new GemmCase(size, i, Pick([false, true]), Pick(Enum.GetValues<Activation>()), Pick([false, true])).Check(lease.Device);
        }
        for (uint i = 0; i < 120; i++)
        {
            var size = new GemmSize(Pick(s_awkward), Pick(s_awkward), Pick(s_awkward), Pick([1, 2]), Pick([false, true]), Pick([false, true]));
            new GemmCase(size, i, Pick([false, true]), Pick(Enum.GetValues<Activation>()), residual: true).Check(lease.Device);
        }

        T Pick<T>(T[] from) => from[random.Below(draw++, from.Length)];
    }

    /// <summary>Longer than a block of k, rows or columns, which are summed and packed in pieces.</summary>
    [Theory(Timeout = 120_000)]
    [InlineData(70, 33, 600, false, false)]
    [InlineData(70, 33, 600, true, true)]
    [InlineData(130, 200, 257, false, true)]
    [InlineData(130, 1100, 30, true, false)]
    [InlineData(1, 300, 700, false, false)]
    [InlineData(1, 300, 700, false, true)]
    [InlineData(4, 500, 300, true, false)]
    public void SeveralBlocks(int m, int n, int k, bool transposeA, bool transposeB)
    {
        using var lease = TestDevices.Lease();
        var size = new GemmSize(m, n, k, 1, transposeA, transposeB);
        new GemmCase(size, 1, bias: true).Check(lease.Device);
        new GemmCase(size, 2, bias: true, Activation.Tanh, accumulate: true).Check(lease.Device);
        new GemmCase(size, 3, bias: true, Activation.Relu, residual: true).Check(lease.Device);
    }

    /// <summary>Operands inside larger matrices: offsets, leading dimensions and strides beyond the dense ones, gaps untouched.</summary>
    [Theory(Timeout = 60_000)]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void PlacedOperands(bool transposeA, bool transposeB)
    {
        using var lease = TestDevices.Lease();
        foreach (int m in new[] { 3, 70 })
        {
            var dense = new GemmSize(m, 37, 19, 3, transposeA, transposeB);
            var size = dense with
            {
                LeadingA = dense.LeadingA + 3,
                LeadingB = dense.LeadingB + 5,
                LeadingC = dense.LeadingC + 2,
                StrideA = (dense.LeadingA + 3) * (transposeA ? 19 : m) + 7,
                StrideB = 0,
                StrideC = (dense.LeadingC + 2) * m + 1,
                OffsetA = 5,
                OffsetB = 9,
                OffsetC = 13,
            };
            new GemmCase(size, 3, bias: true).Check(lease.Device);
            new GemmCase(size, 4, accumulate: true).Check(lease.Device);
            new GemmCase(size, 5, bias: true, residual: true).Check(lease.Device);
        }
    }

    /// <summary>A batch of rows with one weight is one product of more rows; either operand may be shared.</summary>
    [Fact(Timeout = 60_000)]
    public void SharedOperands()
    {
        using var lease = TestDevices.Lease();
        var size = new GemmSize(5, 20, 12, 4);
        new GemmCase(size with { StrideB = 0 }, 5, bias: true).Check(lease.Device);
        new GemmCase(size with { StrideA = 0 }, 6).Check(lease.Device);
        new GemmCase(size with { StrideA = 0, StrideB = 0 }, 7, accumulate: true).Check(lease.Device);
    }

    [Fact(Timeout = 60_000)]
    public void WithoutTermsTheSumIsZero()
    {
        using var lease = TestDevices.Lease();
        new GemmCase(new GemmSize(3, 40, 0), 8, bias: true, Activation.Sigmoid).Check(lease.Device);
        new GemmCase(new GemmSize(90, 40, 0, 2, false, true), 8, bias: true, accumulate: true).Check(lease.Device);
        new GemmCase(new GemmSize(90, 40, 0, 2, false, true), 8, bias: true, Activation.Relu, residual: true).Check(lease.Device);
    }

    [Theory(Timeout = 60_000)]
    [InlineData(0, 3, 4, 1)]
    [InlineData(3, 0, 4, 1)]
    [InlineData(3, 4, 5, 0)]
    public void EmptyResults(int m, int n, int k, int batch)
    {
        using var lease = TestDevices.Lease();
        long before = lease.Device.Launches;
        new GemmCase(new GemmSize(m, n, k, batch), 9).Check(lease.Device);
        Assert.Equal(before, lease.Device.Launches);
    }

    [Fact(Timeout = 60_000)]
    public void NaNAndInfinityReachTheResult()
    {
        using var lease = TestDevices.Lease();
        foreach (int m in new[] { 1, 20, 100 })
        {
            var device = lease.Device;
            DeviceBuffer a = device.Allocate(m * 2), b = device.Allocate(2 * 40), c = device.Allocate(m * 40);
            a.Write([.. Enumerable.Repeat(0f, m * 2 - 1), float.NaN]);
            b.Write([.. Enumerable.Repeat(1f, 79), float.PositiveInfinity]);
            Gemm.Run(a, b, c, new GemmSize(m, 40, 2));
            var result = new float[m * 40];
            c.Read(result);
            Assert.All(result[^40..], value => Assert.True(float.IsNaN(value)));
            if (m > 1) Assert.Equal(0f, result[0]);
            if (m > 1) Assert.True(float.IsNaN(result[39]));   // 0 * infinity
            foreach (var buffer in new[] { a, b, c }) buffer.Free();
        }
    }

    [Fact(Timeout = 60_000)]
    public void RefusesOperandsThatDoNotFit()
    {
        using var lease = TestDevices.Lease();
        using var otherLease = TestDevices.Lease();
        DeviceBuffer a = lease.Device.Allocate(6), b = lease.Device.Allocate(6), c = lease.Device.Allocate(4);
        var foreign = otherLease.Device.Allocate(6);
        var error = Assert.Throws<ShapeException>(() => Gemm.Run(a, b, c, new GemmSize(2, 2, 4)));
        Assert.Contains("A covers elements 0 to 7, but its buffer holds 6", error.Message, StringComparison.Ordinal);
        Assert.Throws<ShapeException>(() => Gemm.Run(a, b, c, new GemmSize(2, 2, 3) with { OffsetB = 1 }));
        Assert.Throws<ShapeException>(() => Gemm.Run(a, b, c, new GemmSize(2, 2, 3) with { OffsetC = -1 }));
        Assert.Throws<ShapeException>(() => Gemm.Run(a, b, c, new GemmSize(2, -2, 3)));
        Assert.Throws<ShapeException>(() => Gemm.Run(a, b, c, new GemmSize(3, 2, 2)));
        Assert.Throws<ArgumentException>(() => Gemm.Run(a, b, c, new GemmSize(2, 2, 3), accumulate: true, residual: b));
        error = Assert.Throws<ShapeException>(() => Gemm.Run(a, b, a, new GemmSize(2, 3, 2), residual: c));
        Assert.Contains("residual covers elements 0 to 5, but its buffer holds 4", error.Message, StringComparison.Ordinal);
        Assert.Throws<DeviceMismatchException>(() => Gemm.Run(a, foreign, c, new GemmSize(2, 2, 3)));
        foreach (var buffer in new[] { a, b, c, foreign }) buffer.Free();
    }

    /// <summary>k is summed in one order whatever the number of threads.</summary>
    [Theory(Timeout = 60_000)]
    [InlineData(200, 300, 400, false)]
    [InlineData(8, 900, 400, true)]
    [InlineData(1, 3000, 500, false)]
    public void ThreadsDoNotChangeTheResult(int m, int n, int k, bool transposeB)
    {
        var product = new GemmCase(new GemmSize(m, n, k, 1, false, transposeB), 10, bias: true);
        float[]? first = null;
        foreach (int threads in new[] { 1, 2, 3, 7 })
        {
            using var device = Device.Open("cpu", new DeviceOptions { Threads = threads });
            float[] result = product.Run(device);
            first ??= result;
            Assert.Equal(first, result);
        }
    }
}
