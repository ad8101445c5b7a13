namespace GpuNets.Tests.Devices;

/// <summary>Devices of one process do not disturb each other while they compile.</summary>
public sealed class ConcurrentCompilationTests
{
    [Fact(Timeout = 120_000)]
    public async Task Devices_compile_the_same_kernels_at_the_same_time()
    {
        using var together = new Barrier(4);
        var results = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Factory.StartNew(
            () =>
            {
                using var device = TestDevices.Open();
                using var scope = device.Scope();
                var x = device.Tensor(Enumerable.Range(0, 24).Select(i => 0.1f * i).ToArray(), [4, 6]);
                Func<Tensor>[] work = [() => x.Slice(1, 1, 6, 2), () => x.Exp(), () => x.Sigmoid(), () => x.Gelu(), () => x.Softmax(), () => x.Sum(1), () => x.Max(1), () => x.LogSumExp(1)];
                var values = new List<float[]>();
                foreach (var op in work)
                {
                    together.SignalAndWait(TestContext.Current.CancellationToken);
                    values.Add(op().ToArray());
                }
                return values;
            },
            TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
        foreach (var values in results)
        {
            Assert.Equal(results[0], values);
            for (int row = 0; row < 4; row++) Assert.Equal(0.1 * (15 + 36 * row), values[^3][row], 1e-5);   // Sum
        }
    }
}
