using GpuNets.Kernels;
using Xunit;

namespace GpuNets.Tests;

/// <summary>The host forms with both register widths, whichever the machine would take.</summary>
public sealed class HostGemmTests
{
    [Fact(Timeout = 120_000)]
    public void NarrowRegisters() => Check<Tile256, Lane256>(seed: 20);

    [Fact(Timeout = 120_000)]
    public void WideRegisters()
    {
        Assert.SkipUnless(System.Runtime.Intrinsics.X86.Avx512F.IsSupported, "this machine has no AVX-512");
        Check<Tile512, Lane512>(seed: 21);
    }

    private static void Check<TLanes, T>(ulong seed) where TLanes : struct, IHostTileLanes<T> where T : struct, ILane<T>
    {
        using var device = Device.Open("cpu");
        foreach (int m in new[] { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 70 })
            foreach (int n in new[] { 1, 4, 6, 8, 15, 16, 17, 31, 32, 33, 200 })
                foreach (int k in new[] { 1, 7, 16, 17, 40 })
                    for (int transposes = 0; transposes < 4; transposes++)
                        Check<TLanes, T>(device, new GemmSize(m, n, k, 1, (transposes & 1) != 0, (transposes & 2) != 0), seed);
    }

    private static void Check<TLanes, T>(Device device, GemmSize size, ulong seed) where TLanes : struct, IHostTileLanes<T> where T : struct, ILane<T> =>
        new GemmCase(size, seed, bias: size.K == 7, accumulate: size.K == 16).Check(device, (a, b, c, bias) => Run<TLanes, T>(device, size, a, b, c, bias));

    private static unsafe void Run<TLanes, T>(Device device, GemmSize size, DeviceBuffer a, DeviceBuffer b, DeviceBuffer c, DeviceBuffer? bias)
        where TLanes : struct, IHostTileLanes<T> where T : struct, ILane<T> =>
        HostGemm.Run<TLanes, T>(device.Workers, new HostGemmProblem
        {
            A = a.Floats.Ptr(),
            B = b.Floats.Ptr(),
            C = c.Floats.Ptr(),
            Bias = bias is null ? null : bias.Floats.Ptr(),
            Size = size,
            Accumulate = size.K == 16,
        });
}
