namespace GpuNets.Tests.Autograd;

/// <summary>What a captured step refuses, and what its keys do.</summary>
public sealed class CaptureRulesTests
{
    [Fact(Timeout = 60_000)]
    public async Task A_step_that_reads_or_writes_host_values_is_refused_while_it_is_recorded()
    {
        await Task.Yield();
        using var device = CaptureTests.Launching();
        var x = device.Tensor(1f, 2f);
        var calls = new List<string>();
        void Refused(string what, Func<Tape, Tensor> step)
        {
            using var captured = new CapturedStep(device, step, () => new FrozenLaunches(calls));
            captured.Run();
            Assert.Equal(
                $"Capture: the step {what}, but its work is recorded and runs only when the step has ended; do it outside.",
                Assert.Throws<InvalidOperationException>(captured.Run).Message);
        }
        Refused("reads values of the device", tape => { x.ToArray(); return x; });
        Refused("copies host values to the device", tape => device.Tensor(3f));
        Refused("waits for the device", tape => { device.Synchronize(); return x; });
        // A gradient whose indices the host sorts.
        var table = new Vars(device, seed: 1).Parameter("table", (3, 2), Init.Ones);
        var rows = device.Indices([0, 2], (1, 2), below: 3);
        Refused("copies host values to the device", tape => { var loss = table.Gather(0, rows).Sum(); tape.Backward(loss); table.ClearGradient(); return loss; });
        Assert.Equal(Enumerable.Repeat(new[] { "begin", "abandon", "dispose" }, 4).SelectMany(triple => triple), calls);
        // Nothing is left behind: the device records and reads again.
        using var good = new CapturedStep(device, tape => x.Relu(), () => new FrozenLaunches());
        for (int run = 0; run < 3; run++) Assert.Equal([1f, 2f], good.Run().ToArray());
    }

    [Fact(Timeout = 60_000)]
    public async Task A_random_number_drawn_on_the_host_is_refused()
    {
        await Task.Yield();
        using var device = CaptureTests.Launching();
        var x = device.Tensor(1f, 2f);
        var source = new RandomSource(1);
        using var step = new CapturedStep(device, tape => x * source.Next().Uniform(0), () => new FrozenLaunches());
        step.Run();
        Assert.Contains("draws a random number on the host", Assert.Throws<InvalidOperationException>(step.Run).Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task Steps_within_steps_are_refused()
    {
        await Task.Yield();
        using var device = CaptureTests.Launching();
        var x = device.Tensor(1f);
        bool nest = false;
        using var inner = new CapturedStep(device, tape => x, () => new FrozenLaunches());
        using var outer = new CapturedStep(device, tape => nest ? inner.Run() : x, () => new FrozenLaunches());
        outer.Run();
        nest = true;
        Assert.Contains("runs within another", Assert.Throws<InvalidOperationException>(outer.Run).Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task Memory_that_was_freed_is_named()
    {
        await Task.Yield();
        using var device = CaptureTests.Launching();
        var x = device.Tensor(1f, -2f);
        x.Buffer.Label = "the input";
        using var step = new CapturedStep(device, tape => x.Relu(), () => new FrozenLaunches());
        for (int run = 0; run < 3; run++) step.Run();
        x.Buffer.Free();
        Assert.Equal(
            "Capture: the recorded step uses memory that was freed since (the input); keep its tensors, or capture the step anew.",
            Assert.Throws<InvalidOperationException>(step.Run).Message);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_gradient_that_was_not_there_is_named()
    {
        await Task.Yield();
        using var device = CaptureTests.Launching();
        var vars = new Vars(device, seed: 1);
        var weight = vars.Parameter("weight", [2], Init.Ones);
        var adam = new Adam(vars.Parameters) { ClipNorm = 1f };
        using var step = new CapturedStep(device, tape =>
        {
            var loss = weight.Square().Sum();
            tape.Backward(loss);
            return loss;
        }, () => new FrozenLaunches());
        for (int run = 0; run < 3; run++)
        {
            step.Run();
            adam.Step();
        }
        step.Run();
        Assert.Equal(
            "Capture: weight had no gradient when the step was recorded and has one; let each run begin as the first one did.",
            Assert.Throws<InvalidOperationException>(step.Run).Message);
        adam.Step();
        using var update = new CapturedStep(device, tape =>
        {
            var loss = weight.Square().Sum();
            tape.Backward(loss);
            adam.Step();
            return loss;
        }, () => new FrozenLaunches());
        for (int run = 0; run < 2; run++) update.Run();
        adam.ClipNorm = float.PositiveInfinity;
        Assert.Contains("Adam.ClipNorm became ", Assert.Throws<InvalidOperationException>(update.Run).Message, StringComparison.Ordinal);
    }

    /// <summary>Each key has its own shapes, launches and result; a run of one leaves the others alone.</summary>
    [Theory(Timeout = 60_000)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Keys_are_recorded_for_themselves(bool frozen)
    {
        await Task.Yield();
        using var device = CaptureTests.Launching();
        Tensor[] inputs = [device.Tensor(0f), device.Tensor(0f, 0f, 0f)];
        int key = 0, host = 0;
        using var step = new CapturedStep(device, tape => { host++; return inputs[key].Relu() + 1f; }, () => frozen ? new FrozenLaunches() : null);
        for (int run = 0; run < 4; run++)
        {
            for (key = 0; key < 2; key++)
            {
                inputs[key].CopyFrom([.. Enumerable.Range(0, inputs[key].Count).Select(i => (float)(i + run))]);
                Assert.Equal(Enumerable.Range(0, inputs[key].Count).Select(i => (float)(i + run + 1)), step.Run(inputs[key].Shape).ToArray());
            }
        }
        Assert.Equal(frozen ? 4 : 8, host);
        inputs[0].CopyFrom(device.Tensor(5f));
        key = 0;
        Assert.Equal([6f], step.Run(inputs[0].Shape).ToArray());
    }

    /// <summary>The memory of a step is its own while it lives and the pool's afterwards.</summary>
    [Fact(Timeout = 60_000)]
    public async Task Memory_of_a_recorded_step_returns_with_it()
    {
        await Task.Yield();
        using var device = CaptureTests.Launching();
        var x = device.Tensor(new float[3000], 3000);
        long before = device.Memory.LiveBytes;
        var step = new CapturedStep(device, tape => x.Exp().Sqrt().Sum(), () => new FrozenLaunches());
        for (int run = 0; run < 3; run++) Assert.Equal(3000f, step.Run().Item());
        long allocations = device.Memory.Allocations;
        step.Run();
        Assert.Equal(allocations, device.Memory.Allocations);
        step.Dispose();
        Assert.Equal(before, device.Memory.LiveBytes);
        long reserved = device.Memory.ReservedBytes;
        using (device.Scope()) x.Exp().Sqrt().Sum();
        Assert.Equal(reserved, device.Memory.ReservedBytes);
    }

    [Fact(Timeout = 60_000)]
    public async Task Inputs_are_replaced_within_their_shape_and_range()
    {
        await Task.Yield();
        using var device = CaptureTests.Launching();
        Tensor x = device.Tensor(1f, 2f), longer = device.Tensor(1f, 2f, 3f);
        var labels = device.Indices([0, 2], 2, below: 3);
        labels.CopyFrom([1, 0]);
        Assert.Equal([1, 0], labels.ToArray());
        Assert.Equal("CopyFrom: the tensor has 2 elements ([2]), got 3 values.", Assert.Throws<ShapeException>(() => x.CopyFrom([1f, 2f, 3f])).Message);
        Assert.Equal("CopyFrom: the tensor has shape [2], the source [3].", Assert.Throws<ShapeException>(() => x.CopyFrom(longer)).Message);
        Assert.Equal("CopyFrom: the tensor has 2 indices ([2]), got 1 values.", Assert.Throws<ShapeException>(() => labels.CopyFrom([1])).Message);
        Assert.Equal(
            "CopyFrom: index 3 is not in 0 to 2; give Indices a bound for all values to come.", Assert.Throws<ShapeException>(() => labels.CopyFrom([1, 3])).Message);
        Assert.Equal("Indices: index 3 is not in 0 to 2.", Assert.Throws<ShapeException>(() => device.Indices([3], 1, below: 3)).Message);
        using (device.Record())
        {
            Assert.Contains("a tape is open", Assert.Throws<InvalidOperationException>(() => x.CopyFrom([1f, 2f])).Message, StringComparison.Ordinal);
            Assert.Contains("a tape is open", Assert.Throws<InvalidOperationException>(() => labels.CopyFrom([1, 2])).Message, StringComparison.Ordinal);
        }
    }

    /// <summary>The gradient of an embedding with a padding row, whose order each run makes on the device.</summary>
    [Theory(Timeout = 60_000)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Selections_of_later_runs_have_their_own_gradients(bool accumulate)
    {
        await Task.Yield();
        using var device = CaptureTests.Launching();
        var table = new Vars(device, seed: 1).Parameter("table", (4, 2), Init.Ones);
        var rows = device.Indices([0, 0, 0], 3, below: 4);
        var sums = device.Tensor(new float[8], (4, 2));
        using var step = new CapturedStep(device, tape =>
        {
            var loss = IndexSelectOp.Apply("Embedding", table, 0, rows, padding: 1).Sum();
            if (accumulate) loss += (table * 2f).Sum();   // whose gradient comes first
            tape.Backward(loss);
            device.Copy(table.GradientBuffer!, sums.Buffer);
            table.ClearGradient();
            return loss;
        }, () => new FrozenLaunches());
        float first = accumulate ? 2f : 0f;
        foreach (int[] indices in new int[][] { [0, 1, 3], [3, 1, 3], [1, 1, 0], [2, 2, 2] })
        {
            rows.CopyFrom(indices);
            step.Run();
            Assert.Equal(Enumerable.Range(0, 8).Select(i => first + (i / 2 == 1 ? 0 : indices.Count(index => index == i / 2))), sums.ToArray());
        }
    }
}
