namespace GpuNets.Tests.Recurrent;

/// <summary>States carried over, steps and sequences, memory, dropout and inputs that must be refused.</summary>
public sealed class RecurrentStateTests
{
    [Theory(Timeout = 60_000)]
    [InlineData(true)]
    [InlineData(false)]
    public void Two_halves_equal_the_whole(bool lstm)
    {
        const int time = 7, batch = 3, inputs = 2, units = 4, cut = 3;
        using var run = new RecurrentRun(lstm);
        float[] x = run.Random(time * batch * inputs);
        var whole = run.Layer(x, [time, batch, inputs], units, layers: 2);
        var first = run.Layer(x[..(cut * batch * inputs)], [cut, batch, inputs], units, layers: 2, state: whole.State);
        var second = run.Layer(x[(cut * batch * inputs)..], [time - cut, batch, inputs], units, layers: 2, state: whole.State, first: first.Last);
        RecurrentRun.AssertClose(whole.Output, [.. first.Output, .. second.Output]);
        RecurrentRun.AssertClose(whole.Last, second.Last);
    }

    [Fact(Timeout = 60_000)]
    public void Lstm_cells_in_a_row_equal_the_layer_in_values_and_gradients()
    {
        using var run = new RecurrentRun(lstm: true);
        var device = run.Device;
        Vars cellVars = run.Vars(1), layerVars = run.Vars(2);
        var cell = new LstmCell(cellVars, 3, 5);
        var layer = new Lstm(layerVars, 3, 5);
        foreach (var (from, to) in cellVars.Parameters.Zip(layerVars.Parameters)) to.Assign(from.ToArray());
        using var tape = device.Record();
        var steps = Enumerable.Range(0, 4).Select(_ => device.Tensor(run.Random(6), (2, 3))).ToArray();
        LstmState? state = null;
        var outputs = new List<Tensor>();
        foreach (var step in steps)
        {
            state = cell.Forward(step, state);
            outputs.Add(state.Value.Hidden);
        }
        var (sequence, last) = layer.Forward(Tensor.Stack(0, steps));
        var both = Tensor.Concatenate(0, Tensor.Stack(0, [.. outputs]), sequence);
        RecurrentRun.AssertClose(both.Slice(0, 0, 4).ToArray(), both.Slice(0, 4, 8).ToArray());
        RecurrentRun.AssertClose(state!.Value.Cell.ToArray(), last.Cell.ToArray());
        float[] gradient = run.Random(40);
        tape.Backward(both, device.Tensor([.. gradient, .. gradient], both.Shape));
        foreach (var (one, other) in cellVars.Parameters.Zip(layerVars.Parameters))
            RecurrentRun.AssertClose(one.Gradient!.ToArray(), other.Gradient!.ToArray());
    }

    [Fact(Timeout = 60_000)]
    public void Gru_cells_in_a_row_equal_the_layer_in_values_and_gradients()
    {
        using var run = new RecurrentRun(lstm: false);
        var device = run.Device;
        Vars cellVars = run.Vars(1), layerVars = run.Vars(2);
        var cell = new GruCell(cellVars, 3, 5);
        var layer = new Gru(layerVars, 3, 5);
        foreach (var (from, to) in cellVars.Parameters.Zip(layerVars.Parameters)) to.Assign(from.ToArray());
        using var tape = device.Record();
        var steps = Enumerable.Range(0, 4).Select(_ => device.Tensor(run.Random(6), (2, 3))).ToArray();
        var outputs = new List<Tensor>();
        foreach (var step in steps) outputs.Add(cell.Forward(step, outputs.LastOrDefault()));
        var (sequence, last) = layer.Forward(Tensor.Stack(0, steps));
        var both = Tensor.Concatenate(0, Tensor.Stack(0, [.. outputs]), sequence);
        RecurrentRun.AssertClose(both.Slice(0, 0, 4).ToArray(), both.Slice(0, 4, 8).ToArray());
        RecurrentRun.AssertClose(outputs[^1].ToArray(), last.ToArray());
        float[] gradient = run.Random(40);
        tape.Backward(both, device.Tensor([.. gradient, .. gradient], both.Shape));
        foreach (var (one, other) in cellVars.Parameters.Zip(layerVars.Parameters))
            RecurrentRun.AssertClose(one.Gradient!.ToArray(), other.Gradient!.ToArray());
    }

    [Fact(Timeout = 60_000)]
    public void A_detached_state_stops_gradients()
    {
        using var run = new RecurrentRun(lstm: true);
        var vars = run.Vars(1);
        var cell = new LstmCell(vars, 2, 3);
        using var tape = run.Device.Record();
        var x = tape.Watch(run.Device.Tensor(run.Random(2), (1, 2)));
        var state = cell.Forward(x).Detach();
        Assert.False(state.Hidden.RequiresGradient || state.Cell.RequiresGradient);
        var next = cell.Forward(run.Device.Tensor(run.Random(2), (1, 2)), state);
        tape.Backward(next.Hidden, run.Device.Tensor([1f, 1f, 1f], (1, 3)));
        Assert.Null(tape.Gradient(x));
    }

    [Fact(Timeout = 60_000)]
    public void A_second_step_allocates_nothing()
    {
        using var device = TestDevices.Open();
        var vars = new Vars(device, seed: 1);
        var lstm = new Lstm(vars["a"], 6, 20, new LstmOptions { Layers = 2, Bidirectional = true, Dropout = 0.3f });
        var gru = new Gru(vars["b"], 40, 9);
        float[] x = new float[5 * 3 * 6], gradient = new float[5 * 3 * 9];
        (long Device, long Live) Step()
        {
            using (var tape = device.Record())
            {
                var (output, _) = gru.Forward(lstm.Forward(device.Tensor(x, (5, 3, 6)), lengths: device.Indices(5, 2, 4)).Output);
                tape.Backward(output, device.Tensor(gradient, output.Shape));
            }
            foreach (var parameter in vars.Parameters) parameter.ClearGradient();
            using (device.Scope()) lstm.Forward(device.Tensor(x, (5, 3, 6)));
            return (device.Memory.DeviceAllocations, device.Memory.LiveBytes);
        }
        var first = Step();
        for (int i = 0; i < 3; i++) Assert.Equal(first, Step());
    }

    [Fact(Timeout = 60_000)]
    public void Dropout_between_layers_acts_while_a_tape_is_open()
    {
        using var run = new RecurrentRun(lstm: true);
        var device = run.Device;
        var vars = run.Vars(1);
        var lstm = new Lstm(vars, 2, 8, new LstmOptions { Layers = 2, Dropout = 0.5f });
        float[] x = run.Random(3 * 2 * 2);
        float[] Run() => lstm.Forward(device.Tensor(x, (3, 2, 2))).Output.ToArray();
        float[] quiet, first, second;
        using (device.Scope()) quiet = Run();
        using (device.Scope()) Assert.Equal(quiet, Run());
        using (device.Record()) first = Run();
        using (device.Record()) second = Run();
        Assert.NotEqual(quiet, first);
        Assert.NotEqual(first, second);
    }

    [Fact(Timeout = 60_000)]
    public void NaN_stays_in_its_row()
    {
        using var run = new RecurrentRun(lstm: true);
        float[] x = run.Random(3 * 2 * 2);
        x[1] = float.NaN;   // step 0, row 0
        float[] output = run.Layer(x, [3, 2, 2], 4).Output;
        for (int t = 0; t < 3; t++)
            for (int u = 0; u < 8; u++) Assert.Equal(u < 4, float.IsNaN(output[t * 8 + u]));
    }

    [Fact(Timeout = 60_000)]
    public void An_empty_batch_gives_empty_outputs_and_zero_gradients()
    {
        using var run = new RecurrentRun(lstm: true);
        var vars = run.Vars(1);
        var lstm = new Lstm(vars, 2, 3);
        using var tape = run.Device.Record();
        var (output, state) = lstm.Forward(run.Device.Tensor([], (4, 0, 2)));
        Assert.Equal([4, 0, 3], output.Shape);
        Assert.Equal([1, 0, 3], state.Hidden.Shape);
        tape.Backward(output, run.Device.Tensor([], (4, 0, 3)));
        Assert.All(vars.Parameters, parameter => Assert.All(parameter.Gradient!.ToArray(), value => Assert.Equal(0f, value)));
    }

    [Fact(Timeout = 60_000)]
    public void Wrong_inputs_are_refused()
    {
        using var run = new RecurrentRun(lstm: true);
        var device = run.Device;
        using var scope = device.Scope();
        var vars = run.Vars(1);
        Tensor Make(params int[] shape) => device.Tensor(new float[shape.Aggregate(1, (a, b) => a * b)], shape);
        var lstm = new Lstm(vars["lstm"], 2, 3);
        var gru = new Gru(vars["gru"], 2, 3, new GruOptions { Layers = 2 });
        var cell = new LstmCell(vars["cell"], 2, 3);
        var gruCell = new GruCell(vars["gruCell"], 2, 3);
        Refuses(() => lstm.Forward(Make(4, 2)), "Lstm: the input has shape [4, 2], expected [time, batch, inputs]");
        Refuses(() => lstm.Forward(Make(0, 5, 2)), "no time steps");
        Refuses(() => lstm.Forward(Make(4, 5, 7)), "input weight has shape [12, 2], expected [12, 7] for input [4, 5, 7]");
        Refuses(() => lstm.Forward(Make(4, 5, 2), new LstmState(Make(1, 4, 3), Make(1, 5, 3))), "hidden state has shape [1, 4, 3], expected [1, 5, 3]");
        Refuses(() => lstm.Forward(Make(4, 5, 2), new LstmState(Make(1, 5, 3), Make(5, 3))), "cell state has shape [5, 3], expected [1, 5, 3]");
        Refuses(() => gru.Forward(Make(4, 5, 2), Make(1, 5, 3)), "Gru: the hidden state has shape [1, 5, 3], expected [2, 5, 3]");
        Refuses(() => lstm.Forward(Make(4, 2, 2), lengths: device.Indices(1, 2, 3)), "lengths have shape [3], expected [2]");
        Refuses(() => lstm.Forward(Make(4, 2, 2), lengths: device.Indices(1, 5)), "lengths reach from 1 to 5, expected 0 to 4");
        Refuses(() => lstm.Forward(Make(4, 2, 2), lengths: device.Indices(-1, 4)), "lengths reach from -1 to 4");
        Refuses(() => cell.Forward(Make(4, 5, 2)), "LstmCell: the input has shape [4, 5, 2], expected [batch, inputs]");
        Refuses(() => cell.Forward(Make(4, 2), new LstmState(Make(4, 3), Make(3, 3))), "cell state has shape [3, 3], expected [4, 3]");
        Refuses(() => gruCell.Forward(Make(4, 2), Make(4, 2)), "GruCell: the hidden state has shape [4, 2], expected [4, 3]");
        using var other = TestDevices.Open();
        using (other.Scope())
            Assert.Throws<DeviceMismatchException>(() => lstm.Forward(other.Tensor(new float[8], (2, 2, 2))));
    }

    [Fact(Timeout = 60_000)]
    public void Wrong_options_are_refused()
    {
        using var run = new RecurrentRun(lstm: true);
        var vars = run.Vars(1);
        Assert.Throws<ArgumentOutOfRangeException>(() => new Lstm(vars["a"], 0, 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Gru(vars["b"], 3, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Lstm(vars["c"], 2, 3, new LstmOptions { Layers = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Lstm(vars["d"], 2, 3, new LstmOptions { Dropout = 1f }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Gru(vars["e"], 2, 3, new GruOptions { Dropout = float.NaN }));
        Assert.Throws<ArgumentException>(() => new LstmCell(vars["f"], 2, 3, new LstmCellOptions { Bias = false, ForgetBias = 1f }));
        Assert.Empty(vars.Parameters);
    }

    private static void Refuses(Action action, string message) =>
        Assert.Contains(message, Assert.Throws<ShapeException>(action).Message, StringComparison.Ordinal);
}
