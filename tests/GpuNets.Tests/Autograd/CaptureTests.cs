using GpuNets.Kernels;

namespace GpuNets.Tests.Autograd;

/// <summary>Captured steps on the device under test; what CUDA is asked for is tested through a graph that notes the calls.</summary>
public sealed class CaptureTests
{
    /// <summary>Dropout, bias correction, a schedule and new inputs: everything that differs from step to step.</summary>
    [Theory(Timeout = 120_000)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Captured_and_plain_training_give_identical_parameters(bool recorded)
    {
        await Task.Yield();
        var (plain, plainLosses) = Train((device, step) => () =>
        {
            using var tape = device.Record();
            return step(tape).Item();
        });
        CapturedStep? captured = null;
        var calls = new List<string>();
        var (replayed, losses) = Train((device, step) =>
        {
            captured = new CapturedStep(device, step, recorded ? new NotedGraph(calls) : device.NewGraph());
            return () => captured.Run().Item();
        }, () => captured!.Dispose());
        Assert.Equal(plainLosses, losses);
        Assert.Equal(plain, replayed);
        Assert.NotEqual(losses[0], losses[^1]);
        string[] expected = recorded ? [.. Enumerable.Repeat(new[] { "begin", "launch" }, 6).SelectMany(pair => pair), "dispose"] : [];
        Assert.Equal(expected, calls);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_step_that_reads_or_writes_host_values_is_refused_while_it_is_recorded()
    {
        await Task.Yield();
        using var lease = TestDevices.Lease();
        var device = lease.Device;
        var x = device.Tensor(1f, 2f);
        var calls = new List<string>();
        using (var reading = new CapturedStep(device, tape => { x.ToArray(); return x; }, new NotedGraph(calls)))
            Assert.Equal(
                "Capture: the step reads values of the device, but its work is recorded and runs only when the step has ended; do it outside.",
                Assert.Throws<InvalidOperationException>(reading.Run).Message);
        using (var writing = new CapturedStep(device, tape => device.Tensor(3f), new NotedGraph(calls)))
            Assert.Contains("copies host values to the device", Assert.Throws<InvalidOperationException>(writing.Run).Message, StringComparison.Ordinal);
        using (var waiting = new CapturedStep(device, tape => { device.Synchronize(); return x; }, new NotedGraph(calls)))
            Assert.Contains("waits for the device", Assert.Throws<InvalidOperationException>(waiting.Run).Message, StringComparison.Ordinal);
        Assert.Equal(["begin", "abandon", "dispose", "begin", "abandon", "dispose", "begin", "abandon", "dispose"], calls);
        // Nothing is left behind: the device records and reads again.
        using (var good = new CapturedStep(device, tape => x.Relu(), new NotedGraph(calls))) Assert.Equal([1f, 2f], good.Run().ToArray());
        x.Buffer.Free();
    }

    [Fact(Timeout = 60_000)]
    public async Task Steps_within_steps_are_refused()
    {
        await Task.Yield();
        using var lease = TestDevices.Lease();
        var device = lease.Device;
        var x = device.Tensor(1f);
        using var inner = new CapturedStep(device, tape => x, new NotedGraph([]));
        using var outer = new CapturedStep(device, tape => inner.Run(), new NotedGraph([]));
        Assert.Contains("runs within another", Assert.Throws<InvalidOperationException>(outer.Run).Message, StringComparison.Ordinal);
        x.Buffer.Free();
    }

    [Fact(Timeout = 60_000)]
    public async Task The_result_takes_the_shape_of_each_run()
    {
        await Task.Yield();
        using var lease = TestDevices.Lease();
        var device = lease.Device;
        Tensor small = device.Tensor(1f, -2f), large = device.Tensor(3f, -4f, 5f), x = small;
        using (var step = device.Capture(tape => x.Relu()))
        {
            Assert.Equal([1f, 0f], step.Run().ToArray());
            x = large;
            Assert.Equal([3f, 0f, 5f], step.Run().ToArray());
            x = small;
            Assert.Equal([2], step.Run().Shape);
        }
        small.Buffer.Free();
        large.Buffer.Free();
    }

    private static (float[] Parameters, float[] Losses) Train(Func<Device, Func<Tape, Tensor>, Func<float>> make, Action? end = null)
    {
        using var device = TestDevices.Open();
        var vars = new Vars(device, seed: 3);
        Linear hidden = new(vars["hidden"], 4, 33), output = new(vars["output"], 33, 2);
        var adam = new Adam(vars.Parameters, learningRate: 1e-2f) { Schedule = step => 1e-2f / (1 + step), ClipNorm = 1f };
        var noise = new RandomSource(9);
        var random = new Philox(4);
        Tensor x = device.Tensor(new float[20], (5, 4)), y = device.Tensor(new float[10], (5, 2));
        var run = make(device, tape =>
        {
            var loss = (output.Forward(hidden.Forward(x).Relu().Dropout(0.3f, noise)) - y).Square().Mean();
            tape.Backward(loss);
            adam.Step();
            return loss;
        });
        var losses = new float[6];
        for (int step = 0; step < losses.Length; step++)
        {
            x.Buffer.Write([.. Enumerable.Range(0, 20).Select(i => random.Uniform((uint)(step * 20 + i)))]);
            losses[step] = run();
        }
        end?.Invoke();
        return ([.. vars.Parameters.SelectMany(parameter => parameter.ToArray())], losses);
    }

    private sealed class NotedGraph(List<string> calls) : ILaunchGraph
    {
        public void Begin() => calls.Add("begin");

        public void EndAndLaunch() => calls.Add("launch");

        public void Abandon() => calls.Add("abandon");

        public void Dispose() => calls.Add("dispose");
    }
}
