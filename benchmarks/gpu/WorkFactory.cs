using GpuNets.Models;

namespace GpuNets.GpuBenchmarks;

/// <summary>Makes the work of a case. <c>compare.py</c> has a function of the same name for each kind.</summary>
internal sealed class WorkFactory(Device device, IReadOnlyDictionary<string, int> sizes)
{
    private int this[string name] => sizes.TryGetValue(name, out int size) ? size : throw new KeyNotFoundException($"The case has no size '{name}'.");

    public IWork Make(string kind) => kind switch
    {
        "gemm" => Function(x => x[0].MatMul(x[1]), Input(1, this["m"], this["k"]), Input(2, this["k"], this["n"])),
        "conv" => Conv(),
        "attention" => Attention(),
        "additive" => Additive(),
        "pairs" => Pairs(),
        "negate" => Function(x => -x[0], Input(1, this["count"])),
        "add" => Function(x => x[0] + x[1], Input(1, this["count"]), Input(2, this["count"])),
        "gelu" => Function(x => x[0].Gelu(), Input(1, this["count"])),
        "softmax" => Function(x => x[0].Softmax(), Input(1, this["rows"], this["columns"])),
        "layernorm" => LayerNorm(),
        "batchnorm" => Function(x => x[0].BatchNorm(x[1], x[2]),
            Input(1, this["batch"], this["channels"], this["size"], this["size"]), Input(2, this["channels"]), Input(3, this["channels"])),
        "scatter" => Scatter(),
        "lstm" => Recurrent(4, vars => new Lstm(vars, this["units"], this["units"]), (layer, x) => ((Lstm)layer).Forward(x, null, null).Output),
        "gru" => Recurrent(3, vars => new Gru(vars, this["units"], this["units"]), (layer, x) => ((Gru)layer).Forward(x, null, null).Output),
        "ntm" => Ntm(),
        "small" => Small(),
        "transformer" => new TransformerWork(device, sizes).Training(),
        "translation" => new TransformerWork(device, sizes).Decoding(),
        "messages" => new MessagePassingWork(device, sizes).Training(),
        _ => throw new ArgumentException($"No work of kind '{kind}'.", nameof(kind)),
    };

    private Tensor Input(uint seed, params int[] shape) => device.Tensor(Numbers.Uniform(shape.Aggregate(1, (a, b) => a * b), seed), shape);

    private Work Function(Func<Tensor[], Tensor> function, params Tensor[] inputs) => new(device, function, inputs) { GradientOf = Gradient };

    private Tensor Gradient(Shape shape) => device.Tensor(Numbers.Uniform(shape.Count, 9), shape);

    private Work Conv()
    {
        int dilation = this["dilation"];
        return Function(
            x => x[0].Conv2d(x[1], x[2], padding: dilation, dilation: dilation),
            Input(1, this["batch"], this["in"], this["size"], this["size"]), Input(2, this["out"], this["in"], 3, 3), Input(3, this["out"]));
    }

    private Work Attention()
    {
        int[] shape = [this["batch"], this["heads"], this["time"], this["size"]];
        var options = new AttentionOptions { Causal = this["causal"] != 0 ? CausalMask.FromStart : CausalMask.None };
        return Function(x => x[0].Attention(x[1], x[2], options), Input(1, shape), Input(2, shape), Input(3, shape));
    }

    private Work Additive()
    {
        int batch = this["batch"], keys = this["keys"], units = this["units"];
        return Function(
            x => x[0].AdditiveAttention(x[1], x[2], x[3]).Context,
            Input(1, batch, units), Input(2, batch, keys, units), Input(3, units), Input(4, batch, keys, this["features"]));
    }

    // The g of a relation network: four layers of one width, the first given by its parts.
    private Work Pairs()
    {
        int width = this["width"];
        int[] objects = [this["batch"], this["objects"], width];
        return Function(
            x => Tensor.PairSum(x[0], x[1], x[2], [x[3], x[5], x[7]], [x[4], x[6], x[8]]),
            [Input(1, objects), Input(2, objects), Input(3, this["batch"], width),
                .. Enumerable.Range(0, 3).SelectMany(l => new[] { Input(4 + 2 * (uint)l, width, width), Input(5 + 2 * (uint)l, width) })]);
    }

    private Work LayerNorm()
    {
        int columns = this["columns"];
        return Function(x => x[0].LayerNorm(columns, x[1], x[2]), Input(1, this["rows"], columns), Input(2, columns), Input(3, columns));
    }

    private Work Scatter()
    {
        var segments = device.Segments(device.Indices(Numbers.Below(this["edges"], this["nodes"], 5)), this["nodes"]);
        return Function(x => x[0].SegmentSum(segments), Input(1, this["edges"], this["columns"]));
    }

    private Work Recurrent(int gates, Func<Vars, Module> make, Func<Module, Tensor, Tensor> forward)
    {
        int units = this["units"];
        var state = new StateDict();
        void Add(string name, uint seed, params int[] shape) => state.Add(StateTensor.From(
            name, [.. shape.Select(size => (long)size)], Numbers.Uniform(shape.Aggregate(1, (a, b) => a * b), seed, 2f / MathF.Sqrt(units))));
        Add("weight_ih_l0", 11, gates * units, units);
        Add("weight_hh_l0", 12, gates * units, units);
        Add("bias_ih_l0", 13, gates * units);
        Add("bias_hh_l0", 14, gates * units);
        var layer = make(new Vars(device, state));
        return new Work(device, x => forward(layer, x[0]), [Input(1, this["time"], this["batch"], units)], [.. layer.Parameters]) { GradientOf = Gradient };
    }

    private Work Ntm()
    {
        var task = new CopyTask().AtLength(this["length"]);
        var batch = task.Generate(this["batch"], seed: 1, index: 0);
        var vars = new Vars(device, seed: 1);
        var model = new NeuralTuringMachine(vars, NtmOptions.CollierBeel(task.Inputs, task.Outputs));
        return new Work(device, x => batch.Loss(model.Forward(x[0])), [batch.InputsOn(device)], [.. vars.Parameters]) { Constants = 1 };
    }

    private Work Small() => Function(x =>
    {
        var y = x[0];
        for (int i = 0; i < this["count"]; i++) y += x[1];
        return y;
    }, Input(1, 1000), Input(2, 1000));
}
