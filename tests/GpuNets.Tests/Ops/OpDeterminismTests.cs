using System.Runtime.InteropServices;
using GpuNets.Kernels;

namespace GpuNets.Tests.Ops;

/// <summary>
/// The same input gives the same bits, forward and backward, however often it is computed; on the host also with other numbers of
/// threads, where nothing may depend on which thread takes which part.
/// </summary>
public sealed class OpDeterminismTests
{
    public static TheoryData<string> Names() => OpCatalogue.Names();

    [Theory(Timeout = 300_000), MemberData(nameof(Names))]
    public async Task The_same_input_gives_the_same_bits(string name)
    {
        await Task.Yield();
        var opCase = OpCatalogue.Get(name);
        var reference = new OpReference(opCase, new Philox(3).Fork(name));
        using var lease = TestDevices.Lease();
        var first = OpRun.All(lease.Device, opCase, reference);
        for (int i = 0; i < 2; i++) AssertSameBits(opCase, first, OpRun.All(lease.Device, opCase, reference));
        if (lease.Device.Form != ExecutionForm.Host) return;
        using var other = Device.Open("cpu", new DeviceOptions { Threads = lease.Device.Workers.Count + 1, PoisonFreed = true });
        AssertSameBits(opCase, first, OpRun.All(other, opCase, reference));
    }

    private static void AssertSameBits(OpCase opCase, List<float[]> expected, List<float[]> actual)
    {
        for (int n = 0; n < expected.Count; n++)
        {
            int at = MemoryMarshal.Cast<float, int>(expected[n]).CommonPrefixLength(MemoryMarshal.Cast<float, int>(actual[n]));
            Assert.True(at == expected[n].Length && at == actual[n].Length,
                $"{opCase.Name}: {(n == 0 ? "output" : $"gradient of input {n - 1}")} differs from element {at} on: "
                + $"{string.Join(", ", expected[n].Skip(at).Take(3))}, then {string.Join(", ", actual[n].Skip(at).Take(3))}");
        }
    }
}
