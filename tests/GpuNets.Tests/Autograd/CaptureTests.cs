using GpuNets.Kernels;

namespace GpuNets.Tests.Autograd;

/// <summary>
/// Captured steps: as they run on the device under test, and as CUDA replays them, with <see cref="FrozenLaunches"/> on a device whose
/// kernels all pass through the launcher (the CPU device runs some directly, so it stands in as an OpenCL device would).
/// </summary>
public sealed class CaptureTests
{
    private const int Steps = 7;

    /// <summary>The optimisers with all that changes in them; the schedule, the rate and the limits are set by each case.</summary>
    public static TheoryData<string> Optimizers => ["Adam", "AdamW", "Adamax", "Sgd", "Sgd momentum", "Adadelta", "RmsProp", "Graves"];

    [Theory(Timeout = 120_000)]
    [MemberData(nameof(Optimizers))]
    public async Task Captured_and_plain_training_give_identical_parameters(string optimizer)
    {
        await Task.Yield();
        using Device first = TestDevices.Open(), second = TestDevices.Open();
        var plain = new CaptureTraining(first, optimizer);
        var other = new CaptureTraining(second, optimizer);
        using var captured = second.Capture(other.Step);
        Same(plain, other, captured, _ => { });
    }

    /// <summary>Two runs, then launches with frozen arguments: dropout, moments, rates, clipping and batch counts go on.</summary>
    [Theory(Timeout = 240_000)]
    [MemberData(nameof(Optimizers))]
    public async Task Frozen_launches_give_the_parameters_of_plain_training(string optimizer)
    {
        await Task.Yield();
        using Device first = Launching(), second = Launching();
        var plain = new CaptureTraining(first, optimizer);
        var other = new CaptureTraining(second, optimizer);
        var calls = new List<string>();
        var graph = new FrozenLaunches(calls);
        using (var captured = new CapturedStep(second, other.Step, () => graph))
        {
            // Somebody else's memory: a step that is replayed must leave it alone.
            DeviceBuffer[] strangers = [];
            Same(plain, other, captured, step =>
            {
                if (step == 2) strangers = [.. Enumerable.Range(1, 40).Select(i => Filled(second, i * 8))];
            });
            Assert.Equal(2, other.HostRuns);
            foreach (var stranger in strangers)
            {
                var values = new float[stranger.Length];
                stranger.Read(values);
                Assert.All(values, value => Assert.Equal(stranger.Length, value));
            }
        }
        Assert.Equal(["begin", "end", .. Enumerable.Repeat("launch", Steps - 1), "dispose"], calls);
        Assert.True(graph.Count > 20);
    }

    /// <summary>A graph that forgets what changes: proves that the comparison above sees frozen arguments.</summary>
    [Fact(Timeout = 120_000)]
    public async Task Launches_alone_do_not_train()
    {
        await Task.Yield();
        using Device first = Launching(), second = Launching();
        var plain = new CaptureTraining(first, "Adam");
        var other = new CaptureTraining(second, "Adam");
        var graph = new FrozenLaunches();
        using var captured = new CapturedStep(second, other.Step, () => graph);
        for (int step = 0; step < 2; step++)
        {
            plain.Write(step);
            other.Write(step);
            Assert.Equal(plain.Run(), captured.Run().Item());
        }
        plain.Write(2);
        other.Write(2);
        plain.Run();
        graph.Launch();   // without the words of this run
        Assert.NotEqual(plain.Values(), other.Values());
    }

    private static void Same(CaptureTraining plain, CaptureTraining other, CapturedStep captured, Action<int> before)
    {
        for (int step = 0; step < Steps; step++)
        {
            before(step);
            plain.Write(step);
            other.Write(step);
            float expected = plain.Run(), actual = captured.Run().Item();
            Assert.Equal(expected, actual);
        }
        Assert.Equal(plain.Values(), other.Values());
        Assert.Equal(plain.Norm.BatchesTracked, other.Norm.BatchesTracked);
        Assert.Equal(Steps, other.Optimizer.Steps);
        Assert.Equal(plain.Optimizer.LearningRate, other.Optimizer.LearningRate);
        Assert.Equal(plain.Noise.State, other.Noise.State);
    }

    private static DeviceBuffer Filled(Device device, int length)
    {
        var buffer = device.Allocate(length, "somebody else's");
        buffer.Write([.. Enumerable.Repeat((float)length, length)]);
        return buffer;
    }

    /// <summary>A device that launches all its kernels: the one under test, or its emulation where that is the CPU device.</summary>
    internal static Device Launching() => TestDevices.Name.StartsWith("cpu", StringComparison.Ordinal)
        ? Device.Open("cpu", new DeviceOptions { PoisonFreed = true, Form = ExecutionForm.Serial })
        : TestDevices.Open();
}
