using GpuNets.Kernels;
using GpuNets.Reference;

namespace GpuNets.Tests.Ntm;

/// <summary>The persistent kernels against the double-precision machine.</summary>
public sealed class NtmSequenceTests
{
    // A plain float implementation of these few steps is off by about 100 roundings in the gradients.
    internal const double ForwardTolerance = 40 * Tolerance.Epsilon, GradientTolerance = 400 * Tolerance.Epsilon;

    public static TheoryData<string> Cases => [.. NtmCase.Names];

    [Theory(Timeout = 300_000)]
    [MemberData(nameof(Cases))]
    public async Task Logits_weightings_and_gradients_equal_the_reference(string name)
    {
        await Task.Yield();
        var test = NtmCase.Named(name);
        using var lease = TestDevices.Lease();
        Compare(test, test.Run(lease.Device));
    }

    [Theory(Timeout = 300_000)]
    [InlineData("paper", ExecutionForm.Serial)]
    [InlineData("many-heads", ExecutionForm.Serial)]
    [InlineData("feed-forward", ExecutionForm.Serial)]
    [InlineData("three-rows", ExecutionForm.Group)]
    internal async Task Device_forms_give_the_same_numbers(string name, ExecutionForm form)
    {
        await Task.Yield();
        var test = NtmCase.Named(name, time: 2, batch: 1);
        using var lease = TestDevices.Emulated(form);
        Compare(test, test.Run(lease.Device));
    }

    /// <summary>Groups of threads: in shared memory where a sequence's scratch fits, else in the log.</summary>
    [Theory(Timeout = 300_000)]
    [InlineData("paper", 0, true)]
    [InlineData("many-heads", 0, true)]
    [InlineData("many-heads-erases-first", 0, true)]
    [InlineData("alternate-more-writes", 0, true)]
    [InlineData("content-only", 0, true)]
    [InlineData("paper", NtmInShared.Capacity / 4, false)]
    internal async Task Groups_work_in_shared_memory_where_it_fits(string name, int rows, bool shared)
    {
        await Task.Yield();
        var test = NtmCase.Named(name, time: 2, batch: 1, rows);
        using var device = Device.Open("cpu", new DeviceOptions { PoisonFreed = true, Form = ExecutionForm.Group });
        Compare(test, test.Run(device));
        var kernels = device.KernelCache.Loaded.Select(loaded => loaded.Kernel).ToHashSet();
        Assert.Equal((shared, shared), (kernels.Contains(typeof(NtmSharedForward)), kernels.Contains(typeof(NtmSharedBackward))));
        Assert.Equal((!shared, !shared), (kernels.Contains(typeof(NtmSequenceForward)), kernels.Contains(typeof(NtmSequenceBackward))));
    }

    [Fact(Timeout = 300_000)]
    public async Task Inference_reuses_memory_and_gives_the_same_logits()
    {
        await Task.Yield();
        var test = NtmCase.Named("writes-first", time: 7);
        using var lease = TestDevices.Lease();
        var device = lease.Device;
        using var scope = device.Scope();
        var buffers = test.Values.ToDictionary(pair => pair.Key, pair =>
        {
            var buffer = device.AllocateTemporary(pair.Value.Length, pair.Key);
            buffer.Write(pair.Value);
            return buffer;
        });
        var inputs = device.AllocateTemporary(test.Inputs.Length, "inputs");
        inputs.Write(test.Inputs);
        float[][] logits = [.. new[] { true, false }.Select(training =>
        {
            var target = device.AllocateTemporary(test.DLogits.Length, "logits");
            NtmSequence.Forward(test.Sizes, test.Buffers(name => buffers[name]), inputs, target, training).Release();
            var values = new float[target.Length];
            target.Read(values);
            return values;
        })];
        Assert.Equal(logits[0], logits[1]);
    }

    internal static void Compare(NtmCase test, NtmActual actual)
    {
        var expected = test.Expected();
        Close("logits", actual.Logits, expected.Logits, ForwardTolerance);
        int width = test.Sizes.Heads * test.Sizes.Rows;
        for (int t = 0; t < test.Sizes.Time; t++)
        {
            for (int b = 0; b < test.Sizes.Batch; b++)
            {
                int start = ((t + 1) * test.Sizes.Batch + b) * width;
                Close($"weightings of step {t}", actual.Weightings[start..(start + width)], expected.Weightings[t, b], ForwardTolerance);
            }
        }
        foreach (var (name, gradient) in expected.Gradients) Close($"gradient of {name}", actual.Gradients[name], gradient, GradientTolerance);
    }

    // Relative to the largest value of an array: small entries are sums of large terms.
    private static void Close(string what, float[] actual, double[] expected, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        double scale = expected.Max(Math.Abs);
        for (int i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs(actual[i] - expected[i]) <= tolerance * scale, $"{what}[{i}]: {actual[i]} instead of {expected[i]} (largest {scale}).");
    }
}
