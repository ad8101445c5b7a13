namespace GpuNets.Tests.Recurrent;

/// <summary>What the layers promise beyond their op: names, initial values, directions, layers, lengths, states.</summary>
public sealed class RecurrentLayerTests
{
    [Fact(Timeout = 60_000)]
    public void Parameters_have_the_names_and_shapes_of_PyTorch()
    {
        using var run = new RecurrentRun(lstm: true);
        var vars = Build(run, vars => _ = new Lstm(vars, 3, 5, new LstmOptions { Layers = 2, Bidirectional = true }));
        Assert.Equal(
            [
                "weight_ih_l0 [20, 3]", "weight_hh_l0 [20, 5]", "bias_ih_l0 [20]", "bias_hh_l0 [20]",
                "weight_ih_l0_reverse [20, 3]", "weight_hh_l0_reverse [20, 5]", "bias_ih_l0_reverse [20]", "bias_hh_l0_reverse [20]",
                "weight_ih_l1 [20, 10]", "weight_hh_l1 [20, 5]", "bias_ih_l1 [20]", "bias_hh_l1 [20]",
                "weight_ih_l1_reverse [20, 10]", "weight_hh_l1_reverse [20, 5]", "bias_ih_l1_reverse [20]", "bias_hh_l1_reverse [20]",
            ],
            vars.Parameters.Select(parameter => $"{parameter.Path} {parameter.Shape}"));
        Assert.Equal(
            ["cell.weight_ih [6, 3]", "cell.weight_hh [6, 2]", "cell.bias_ih [6]", "cell.bias_hh [6]"],
            Build(run, vars => _ = new GruCell(vars["cell"], 3, 2)).Parameters.Select(parameter => $"{parameter.Path} {parameter.Shape}"));
        Assert.Equal(
            ["weight_ih_l0 [6, 3]", "weight_hh_l0 [6, 2]"],
            Build(run, vars => _ = new Gru(vars, 3, 2, new GruOptions { Bias = false })).Parameters.Select(parameter => $"{parameter.Path} {parameter.Shape}"));
    }

    [Fact(Timeout = 60_000)]
    public void Initial_values_are_uniform_and_the_forget_bias_is_set()
    {
        using var run = new RecurrentRun(lstm: true);
        var plain = Build(run, vars => _ = new Lstm(vars, 7, 16)).Parameters;
        foreach (var parameter in plain)
        {
            float[] values = parameter.ToArray();
            Assert.InRange(values.Max(), 0.15f, 0.25f);   // the bound is 1 / sqrt(16)
            Assert.InRange(values.Min(), -0.25f, -0.15f);
        }
        var open = Build(run, vars => _ = new LstmCell(vars, 7, 4, new LstmCellOptions
        {
            ForgetBias = 1.5f,
            InputWeightInitializer = Init.Constant(2),
            HiddenWeightInitializer = Init.Constant(3),
            BiasInitializer = Init.Constant(4),
        })).Parameters;
        Assert.All(open[0].ToArray(), value => Assert.Equal(2f, value));
        Assert.All(open[1].ToArray(), value => Assert.Equal(3f, value));
        Assert.Equal([4f, 4f, 4f, 4f, 1.5f, 1.5f, 1.5f, 1.5f, 4f, 4f, 4f, 4f, 4f, 4f, 4f, 4f], open[2].ToArray());
        Assert.Equal([4f, 4f, 4f, 4f, 0f, 0f, 0f, 0f, 4f, 4f, 4f, 4f, 4f, 4f, 4f, 4f], open[3].ToArray());
    }

    [Fact(Timeout = 60_000)]
    public void Layers_print_what_they_are()
    {
        using var run = new RecurrentRun(lstm: true);
        var vars = run.Vars(1);
        Assert.Equal("Lstm(3 -> 2 x 5, 2 layers), 1,080 parameters", new Lstm(vars["a"], 3, 5, new() { Layers = 2, Bidirectional = true }).ToString());
        Assert.Equal("Gru(3 -> 5), 150 parameters", new Gru(vars["b"], 3, 5).ToString());
        Assert.Equal("LstmCell(3 -> 5), 200 parameters", new LstmCell(vars["c"], 3, 5).ToString());
        Assert.Equal("GruCell(3 -> 5), 150 parameters", new GruCell(vars["d"], 3, 5).ToString());
    }

    [Theory(Timeout = 60_000)]
    [InlineData(true)]
    [InlineData(false)]
    public void The_reverse_direction_is_a_layer_on_the_reversed_sequence(bool lstm)
    {
        const int time = 5, batch = 3, inputs = 4, units = 6;
        using var run = new RecurrentRun(lstm);
        float[] x = run.Random(time * batch * inputs);
        var both = run.Layer(x, [time, batch, inputs], units, bidirectional: true);
        var (forward, backward) = (run.Pick(both.State, reverse: false), run.Pick(both.State, reverse: true));
        float[] ahead = run.Layer(x, [time, batch, inputs], units, state: forward).Output;
        float[] behind = RecurrentRun.ReverseTime(run.Layer(RecurrentRun.ReverseTime(x, time), [time, batch, inputs], units, state: backward).Output, time);
        for (int row = 0; row < time * batch; row++)
        {
            RecurrentRun.AssertClose(ahead.AsSpan(row * units, units), both.Output.AsSpan(row * 2 * units, units));
            RecurrentRun.AssertClose(behind.AsSpan(row * units, units), both.Output.AsSpan(row * 2 * units + units, units));
        }
    }

    [Theory(Timeout = 60_000)]
    [InlineData(true)]
    [InlineData(false)]
    public void A_stack_is_its_layers_one_after_the_other(bool lstm)
    {
        const int time = 4, batch = 2, inputs = 3, units = 5;
        using var run = new RecurrentRun(lstm);
        float[] x = run.Random(time * batch * inputs);
        var stack = run.Layer(x, [time, batch, inputs], units, layers: 2);
        var first = run.Layer(x, [time, batch, inputs], units, state: run.Pick(stack.State, layer: 0));
        var second = run.Layer(first.Output, [time, batch, units], units, state: run.Pick(stack.State, layer: 1));
        RecurrentRun.AssertClose(second.Output, stack.Output);
        // Hidden values of all layers, then cells of all layers.
        const int state = batch * units;
        RecurrentRun.AssertClose([.. first.Last[..state], .. second.Last[..state], .. first.Last[state..], .. second.Last[state..]], stack.Last);
    }

    [Theory(Timeout = 60_000)]
    [InlineData(true)]
    [InlineData(false)]
    public void Rows_of_a_batch_do_not_meet(bool lstm)
    {
        const int time = 4, batch = 5, inputs = 3, units = 7;
        using var run = new RecurrentRun(lstm);
        float[] x = run.Random(time * batch * inputs);
        var all = run.Layer(x, [time, batch, inputs], units, bidirectional: true);
        for (int row = 0; row < batch; row++)
        {
            float[] own = [.. Enumerable.Range(0, time).SelectMany(t => x.Skip((t * batch + row) * inputs).Take(inputs))];
            float[] alone = run.Layer(own, [time, 1, inputs], units, bidirectional: true, state: all.State).Output;
            for (int t = 0; t < time; t++)
                RecurrentRun.AssertClose(alone.AsSpan(t * 2 * units, 2 * units), all.Output.AsSpan((t * batch + row) * 2 * units, 2 * units));
        }
    }

    [Theory(Timeout = 60_000)]
    [InlineData(true)]
    [InlineData(false)]
    public void Padding_does_not_matter(bool lstm)
    {
        const int time = 4, inputs = 3, units = 5;
        int[] lengths = [4, 1, 2];
        using var run = new RecurrentRun(lstm);
        float[] x = run.Random(time * 3 * inputs), other = [.. x];
        for (int t = 0; t < time; t++)
            for (int row = 0; row < 3; row++)
                if (t >= lengths[row]) other.AsSpan((t * 3 + row) * inputs, inputs).Fill(100f);
        var first = run.Layer(x, [time, 3, inputs], units, bidirectional: true, lengths: lengths);
        var second = run.Layer(other, [time, 3, inputs], units, bidirectional: true, lengths: lengths, state: first.State);
        Assert.Equal(first.Output, second.Output);
        Assert.Equal(first.Last, second.Last);
        for (int t = 0; t < time; t++)
            for (int row = 0; row < 3; row++)
                Assert.Equal(t >= lengths[row], first.Output.AsSpan((t * 3 + row) * 2 * units, 2 * units).IndexOfAnyExcept(0f) < 0);
    }

    private static Vars Build(RecurrentRun run, Action<Vars> build)
    {
        var vars = run.Vars(3);
        build(vars);
        return vars;
    }
}
