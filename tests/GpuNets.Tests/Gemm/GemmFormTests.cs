using GpuNets.Kernels;
using Xunit;

namespace GpuNets.Tests;

/// <summary>The forms of OpenCL and CUDA on ILGPU's CPU accelerator, which checks every index: tiny sizes, they are very slow there.</summary>
[Collection(nameof(EmulatedGpus))]
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
        new GemmCase(placed, 33, bias: true, Activation.Tanh, residual: true).Check(lease.Device);
    }

    public static TheoryData<int, int, int, int, bool> TeamSizes()
    {
        var data = new TheoryData<int, int, int, int, bool>();
        for (int transposes = 0; transposes < 4; transposes++)
        {
            data.Add(5, 7, 3, transposes, false);                                                        // scalar access
            data.Add(8, 12, 20, transposes, false);                                                      // vector access, two stages of k
            data.Add(transposes is 1 or 2 ? 132 : 131, transposes is 1 or 2 ? 136 : 130, 4, transposes, true);
        }
        data.Add(70, 68, 4, 3, false);   // several small tiles
        data.Add(4, 4, 0, 0, false);
        return data;
    }

    /// <summary>Both tile sizes, all orientations, aligned or not.</summary>
    [Theory(Timeout = 600_000)]
    [MemberData(nameof(TeamSizes))]
    public void Teams(int m, int n, int k, int transposes, bool large)
    {
        // As few units as makes the plan take large tiles, or so many that it takes small ones.
        using var device = EmulatedGpu.Open(units: large ? 1 : 1000);
        var size = new GemmSize(m, n, k, 1, (transposes & 1) != 0, (transposes & 2) != 0);
        Assert.Equal(new TeamGemmPlan(large ? TeamGemmForm.Large : TeamGemmForm.Small, 1), GemmPlan.Team(size, device));
        new GemmCase(size, 40, bias: true, Activation.Tanh, accumulate: large, residual: !large).Check(device);
        if (k == 3) new GemmCase(size with { Batch = 2, StrideB = 0, LeadingC = n + 1, StrideC = m * (n + 1), OffsetA = 1 }, 41).Check(device);
    }

    /// <summary>
    /// The plan of tensor cores on one or two tiles: all orientations, aligned or not, k that ends within a stage, parts of sums. The
    /// expected values are products of rounded operands with the error of float sums alone.
    /// </summary>
    [Theory(Timeout = 600_000)]
    [InlineData(false, 0, 20, 24, 36, 1)]
    [InlineData(false, 1, 37, 41, 19, 1)]
    [InlineData(false, 2, 132, 20, 40, 2)]
    [InlineData(false, 3, 24, 66, 21, 1)]
    [InlineData(true, 0, 37, 41, 19, 1)]
    [InlineData(true, 1, 20, 24, 36, 1)]
    [InlineData(true, 2, 24, 66, 21, 1)]
    [InlineData(true, 3, 132, 20, 72, 2)]
    public async Task TensorCores(bool half, int transposes, int m, int n, int k, int parts)
    {
        await Task.Yield();
        using var device = EmulatedGpu.Open(units: 4);
        var size = new GemmSize(m, n, k, 1, (transposes & 1) != 0, (transposes & 2) != 0);
        var plan = new TeamGemmPlan(half ? TeamGemmForm.BFloat16 : TeamGemmForm.Tf32, parts);
        Func<float, float> round = half
            ? value => BitConverter.UInt32BitsToSingle(Rounding.BFloat16Pair(0f, value))
            : value => BitConverter.UInt32BitsToSingle(Rounding.Tf32(value));
        new GemmCase(size, 50, bias: true, Activation.Relu, accumulate: parts == 2, round, residual: parts == 1 && (transposes & 1) != 0).Check<Relu>(device, plan);
    }

    /// <summary>Sums in two parts, the second shorter, in both float32 tiles; the last terms do not fill a stage.</summary>
    [Theory(Timeout = 600_000)]
    [InlineData(false, 0, 8, 12, 52)]
    [InlineData(false, 3, 5, 7, 45)]
    [InlineData(true, 2, 9, 5, 41)]
    public async Task PartsOfSums(bool large, int transposes, int m, int n, int k)
    {
        await Task.Yield();
        using var device = EmulatedGpu.Open(units: 4);
        var size = new GemmSize(m, n, k, 1, (transposes & 1) != 0, (transposes & 2) != 0);
        var plan = new TeamGemmPlan(large ? TeamGemmForm.Large : TeamGemmForm.Small, 2);
        new GemmCase(size, 60, bias: true, Activation.Tanh, accumulate: transposes == 0, residual: transposes > 0).Check<Tanh>(device, plan);
    }
}
